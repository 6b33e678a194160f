import{t as e}from"./useMutation-CQCA-xBD.js";import{B as t,V as n,o as r}from"./base-DpdiEe8e.js";import{n as i,r as a}from"./request-DTqp0M7z.js";import{t as o}from"./button-Jcigk3jl.js";import{t as s}from"./copy-button-CDhWiQsF.js";import{r as c,t as l}from"./notice-xsWwepob.js";import{V as u}from"./useHover-BTfm5j2K.js";function d(e){let t=Date.now(),n=e=>new Date(t-1e3*e).toISOString(),r=crypto.randomUUID().slice(0,8);return{userId:e,sessionId:`sample-${r}`,idempotencyKey:`sample-${r}`,actions:[{time:n(312),type:`VIEW`,properties:{page:`/`,referrer:`https://search.example/`}},{time:n(296),type:`SEARCH`,properties:{text:`headphones`,results:48}},{time:n(281),type:`VIEW`,properties:{page:`/products/71`,price:89.9}},{time:n(95),type:`CLICK`,properties:{target:`add-to-cart`,locationX:852,locationY:411}},{time:n(61),type:`VIEW`,properties:{page:`/cart`,items:[{id:71,count:1}]}},{time:n(20),type:`NAVIGATE`,properties:{from:`/cart`,to:`/checkout`}},{time:n(0),type:`PURCHASE`,properties:{total:89.9,currency:`EUR`}}]}}function f(){return`mutation {
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
  `)}function m(){return new Date().toISOString().replace(/\.\d+Z$/,`Z`)}var h=u(),g=c(`
  mutation RecordSample($input: RecordSessionInput!) {
    recordSession(input: $input) {
      recordedCount
    }
  }
`);function _(){let{data:s}=t(),c=e({mutationFn:async()=>{let e=d(s?.userId??`sample-user`);return await i(g,{input:e}),e},onSuccess:async({userId:e,sessionId:t})=>{await n.invalidateQueries(),r(`/sessions?${new URLSearchParams({user:e,session:t}).toString()}`)}}),u=s?.scopes.includes(`RECORD`)??!1;return(0,h.jsxs)(`div`,{className:`first`,children:[(0,h.jsxs)(`div`,{className:`first-head`,children:[(0,h.jsx)(`h1`,{children:`No entries yet`}),(0,h.jsxs)(`p`,{className:`muted`,role:`status`,children:[(0,h.jsx)(`span`,{className:`first-dot`,"aria-hidden":`true`}),` Waiting for the first entry. It appears here at once.`]})]}),u&&(0,h.jsxs)(`section`,{className:`first-step panel`,"aria-labelledby":`first-sample`,children:[(0,h.jsx)(`h2`,{id:`first-sample`,children:`Try a sample session`}),(0,h.jsx)(`p`,{children:`Records seven actions of a shop for the user “sample-user”, and opens them. You can erase them there.`}),(0,h.jsx)(o,{kind:`primary`,isDisabled:c.isPending,onPress:()=>c.mutate(),children:c.isPending?`Recording…`:`Record a sample session`}),c.error&&(0,h.jsx)(l,{error:c.error,onRetry:()=>c.mutate()})]}),(0,h.jsx)(v,{title:`From a terminal`,text:p(location.origin,a()!==null)}),(0,h.jsx)(v,{title:`With GraphQL`,text:f(),children:(0,h.jsx)(`a`,{href:`/graphiql`,children:`Open it in Try it`})})]})}function v({title:e,text:t,children:n}){return(0,h.jsxs)(`section`,{className:`first-step panel`,children:[(0,h.jsxs)(`div`,{className:`first-title`,children:[(0,h.jsx)(`h2`,{children:e}),n,(0,h.jsx)(s,{text:t})]}),(0,h.jsx)(`pre`,{tabIndex:0,"aria-label":e,children:t})]})}export{_ as FirstMinute};