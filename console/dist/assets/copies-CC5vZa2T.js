import{i as e,t}from"./request-B39zEiZj.js";import{p as n}from"./index-Dl2v-i6b.js";function r(e){return JSON.stringify(e,null,2)}function i({userId:e,sessionId:t,type:r,time:i}){let a=JSON.stringify;return`query {
  logsConnection(
    filter: {
      userIds: [${a(e)}]
      sessionIds: [${a(t)}]
      types: [${a(r)}]
      startTime: ${a(i)}
      endTime: ${a(n(i))}
    }
  ) {
    nodes {
      id
      time
      type
      properties
      userId
      sessionId
      receivedAt
    }
  }
}`}function a(n){let r=i(n).replace(/\n\s*/g,` `);return[`curl ${o(new URL(t,location.href).href)}`,`-H 'content-type: application/json'`,...e()===null?[]:[`-H "authorization: Bearer $LOG_MANAGER_KEY"`],`--data ${o(JSON.stringify({query:r}))}`].join(` \\
  `)}function o(e){return`'${e.replaceAll(`'`,`'\\''`)}'`}export{r as i,a as n,i as r,o as t};