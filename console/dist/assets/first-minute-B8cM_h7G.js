import{t as e}from"./useMutation-DvvZkgJb.js";import{o as t,r as n,t as r}from"./notice-mgwbAlkW.js";import{i,r as a}from"./request-B39zEiZj.js";import{H as o,o as s}from"./base-Ohdvexov.js";import{t as c}from"./button-EN0EM2-O.js";import{t as l}from"./copy-button-BaLl6FnT.js";import{t as u}from"./copies-CC5vZa2T.js";import{V as d}from"./useHover-BTfm5j2K.js";function f(e){let t=Date.now(),n=e=>new Date(t-1e3*e).toISOString(),r=crypto.randomUUID().slice(0,8);return{userId:e,sessionId:`sample-${r}`,idempotencyKey:`sample-${r}`,actions:[{time:n(312),type:`VIEW`,properties:{page:`/`,referrer:`https://search.example/`}},{time:n(296),type:`SEARCH`,properties:{text:`headphones`,results:48}},{time:n(281),type:`VIEW`,properties:{page:`/products/71`,price:89.9}},{time:n(95),type:`CLICK`,properties:{target:`add-to-cart`,locationX:852,locationY:411}},{time:n(61),type:`VIEW`,properties:{page:`/cart`,items:[{id:71,count:1}]}},{time:n(20),type:`NAVIGATE`,properties:{from:`/cart`,to:`/checkout`}},{time:n(0),type:`PURCHASE`,properties:{total:89.9,currency:`EUR`}}]}}function p(e=`ABC123XYZ`){return`mutation {
  recordSession(input: {
    userId: ${JSON.stringify(e)}
    sessionId: "XYZ456ABC"
    actions: [{
      time: "${h()}"
      type: "CLICK"
      properties: { locationX: 52, locationY: 11 }
    }]
  }) {
    recordedCount
  }
}`}function m(e,t,n=`ABC123XYZ`){let r=`{
    "userId": ${JSON.stringify(n)}, "sessionId": "XYZ456ABC",
    "actions": [{
      "time": "${h()}", "type": "CLICK",
      "properties": {"locationX": 52, "locationY": 11}
    }]
  }`;return[`curl ${e}/logs/`,...t?[`-H "Authorization: Bearer $KEY"`]:[],`-H 'Content-Type: application/json'`,`-d ${u(r)}`].join(` \\
  `)}function h(){return new Date().toISOString().replace(/\.\d+Z$/,`Z`)}var g=d(),_=n(`
  mutation RecordSample($input: RecordSessionInput!) {
    recordSession(input: $input) {
      recordedCount
    }
  }
`);function v(){let{data:n}=o(),l=n?.userId??void 0,u=e({mutationFn:async()=>{let e=f(l??`sample-user`);return await a(_,{input:e}),e},onSuccess:async({userId:e,sessionId:n})=>{await t.invalidateQueries(),s(`/sessions?${new URLSearchParams({user:e,session:n}).toString()}`)}}),d=n?.scopes.includes(`RECORD`)??!1;return(0,g.jsxs)(`div`,{className:`first`,children:[(0,g.jsxs)(`div`,{className:`first-head`,children:[(0,g.jsx)(`h1`,{children:`No entries yet`}),(0,g.jsxs)(`p`,{className:`muted`,role:`status`,children:[(0,g.jsx)(`span`,{className:`first-dot`,"aria-hidden":`true`}),` Waiting for the first entry. It appears here at once.`]})]}),d&&(0,g.jsxs)(`section`,{className:`first-step panel`,"aria-labelledby":`first-sample`,children:[(0,g.jsx)(`h2`,{id:`first-sample`,children:`Try a sample session`}),(0,g.jsxs)(`p`,{children:[`Records seven actions of a shop for the user “`,l??`sample-user`,`”, and opens them.`,` `,n?.scopes.includes(`ERASE`)&&`You can erase them there.`]}),(0,g.jsx)(c,{kind:`primary`,isDisabled:u.isPending,onPress:()=>u.mutate(),children:u.isPending?`Recording…`:`Record a sample session`}),u.error&&(0,g.jsx)(r,{error:u.error,onRetry:()=>u.mutate()})]}),(0,g.jsx)(y,{title:`From a terminal`,text:m(location.origin,i()!==null,l)}),(0,g.jsx)(y,{title:`With GraphQL`,text:p(l),children:(0,g.jsx)(`a`,{href:`/graphiql`,children:`Open Try it`})})]})}function y({title:e,text:t,children:n}){return(0,g.jsxs)(`section`,{className:`first-step panel`,children:[(0,g.jsxs)(`div`,{className:`first-title`,children:[(0,g.jsx)(`h2`,{children:e}),n,(0,g.jsx)(l,{text:t})]}),(0,g.jsx)(`pre`,{tabIndex:0,"aria-label":e,children:t})]})}export{v as FirstMinute};