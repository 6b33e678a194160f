import{t as e}from"./useMutation-CU7YqSDx.js";import{B as t,i as n,z as r}from"./base-9o8P9lp0.js";import{n as i,r as a}from"./request-C0wt7n09.js";import{t as o}from"./button-Jcigk3jl.js";import{t as s}from"./copy-button-CDhWiQsF.js";import{S as c}from"./index-DHvvHRE7.js";import{t as l}from"./gql-OsJB0SQW.js";import{V as u}from"./useHover-BTfm5j2K.js";function d(e){let t=Date.now(),n=e=>new Date(t-1e3*e).toISOString(),r=crypto.randomUUID().slice(0,8);return{userId:e,sessionId:`sample-${r}`,idempotencyKey:`sample-${r}`,actions:[{time:n(312),type:`VIEW`,properties:{page:`/`,referrer:`https://search.example/`}},{time:n(296),type:`SEARCH`,properties:{text:`headphones`,results:48}},{time:n(281),type:`VIEW`,properties:{page:`/products/71`,price:89.9}},{time:n(95),type:`CLICK`,properties:{target:`add-to-cart`,locationX:852,locationY:411}},{time:n(61),type:`VIEW`,properties:{page:`/cart`,items:[{id:71,count:1}]}},{time:n(20),type:`NAVIGATE`,properties:{from:`/cart`,to:`/checkout`}},{time:n(0),type:`PURCHASE`,properties:{total:89.9,currency:`EUR`}}]}}function f(){return`mutation {
  recordSession(input: {
    userId: "ABC123XYZ"
    sessionId: "XYZ456ABC"
    actions: [{
      time: "${m()}"
      type: "CLICK"
      properties: { locationX: 52, locationY: 11 }
    }]
  }) {
    recordedCount
  }
}`}function p(e,t){return[`curl ${e}/logs/`,...t?[`-H "Authorization: Bearer $KEY"`]:[],`-H 'Content-Type: application/json'`,`-d '{
    "userId": "ABC123XYZ", "sessionId": "XYZ456ABC",
    "actions": [{
      "time": "${m()}", "type": "CLICK",
      "properties": {"locationX": 52, "locationY": 11}
    }]
  }'`].join(` \\
  `)}function m(){return new Date().toISOString().replace(/\.\d+Z$/,`Z`)}var h=u(),g=l(`
  mutation RecordSample($input: RecordSessionInput!) {
    recordSession(input: $input) {
      recordedCount
    }
  }
`);function _(){let{data:s}=r(),l=e({mutationFn:async()=>{let e=d(s?.userId??`sample-user`);return await i(g,{input:e}),e},onSuccess:async({userId:e,sessionId:r})=>{await t.invalidateQueries(),n(`/sessions?${new URLSearchParams({user:e,session:r}).toString()}`)}}),u=s?.scopes.includes(`RECORD`)??!1;return(0,h.jsxs)(`div`,{className:`first`,children:[(0,h.jsxs)(`div`,{className:`first-head`,children:[(0,h.jsx)(`h1`,{children:`No entries yet`}),(0,h.jsxs)(`p`,{className:`muted`,role:`status`,children:[(0,h.jsx)(`span`,{className:`first-dot`,"aria-hidden":`true`}),` Waiting for the first entry. It appears here at once.`]})]}),u&&(0,h.jsxs)(`section`,{className:`first-step panel`,"aria-labelledby":`first-sample`,children:[(0,h.jsx)(`h2`,{id:`first-sample`,children:`Try a sample session`}),(0,h.jsx)(`p`,{children:`Records seven actions of a shop for the user “sample-user”, and opens them. You can erase them there.`}),(0,h.jsx)(o,{kind:`primary`,isDisabled:l.isPending,onPress:()=>l.mutate(),children:l.isPending?`Recording…`:`Record a sample session`}),l.error&&(0,h.jsx)(c,{error:l.error,onRetry:()=>l.mutate()})]}),(0,h.jsx)(v,{title:`From a terminal`,text:p(location.origin,a()!==null)}),(0,h.jsx)(v,{title:`With GraphQL`,text:f(),children:(0,h.jsx)(`a`,{href:`/graphiql`,children:`Open it in Try it`})})]})}function v({title:e,text:t,children:n}){return(0,h.jsxs)(`section`,{className:`first-step panel`,children:[(0,h.jsxs)(`div`,{className:`first-title`,children:[(0,h.jsx)(`h2`,{children:e}),n,(0,h.jsx)(s,{text:t})]}),(0,h.jsx)(`pre`,{tabIndex:0,"aria-label":e,children:t})]})}export{_ as FirstMinute};