import{r as e}from"./jsx-runtime-BX5dh3L7.js";import{ht as t}from"./button-Bt3PsSWX.js";import{t as n}from"./useQuery-DRhwWgSf.js";import{a as r,i,u as a}from"./notice-BjcByuV-.js";var o=r(`
  query Viewer {
    viewer {
      name
      scopes
      userId
      expiresAt
    }
  }
`);function s(){let e=a();return n({queryKey:[`viewer`,e],queryFn:async({signal:e})=>(await i(o,{},e)).viewer,staleTime:6e4})}async function c(e){await i(o,{},void 0,e)}var l=e(t(),1),u=new Set,d=()=>{for(let e of u)e()};addEventListener(`popstate`,d);function f(){let e=(0,l.useSyncExternalStore)(e=>(u.add(e),()=>u.delete(e)),()=>location.pathname+location.search),t=new URL(e,location.origin);return{path:t.pathname,search:t.searchParams}}function p(e,t=`push`){e!==location.pathname+location.search&&(t===`push`?history.pushState(null,``,e):history.replaceState(null,``,e),d())}export{s as i,f as n,c as r,p as t};