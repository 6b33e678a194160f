import{V as e}from"./useHover-BTfm5j2K.js";import{l as t}from"./request-B39zEiZj.js";import{t as n}from"./button-Jcigk3jl.js";var r=class{constructor(){this.listeners=new Set,this.subscribe=this.subscribe.bind(this)}subscribe(e){return this.listeners.add(e),this.onSubscribe(),()=>{this.listeners.delete(e),this.onUnsubscribe()}}hasListeners(){return this.listeners.size>0}onSubscribe(){}onUnsubscribe(){}},i=new class extends r{#e;#t;#n;constructor(){super(),this.#n=e=>{if(typeof window<`u`&&window.addEventListener){let t=()=>e();return window.addEventListener(`visibilitychange`,t,!1),()=>{window.removeEventListener(`visibilitychange`,t)}}}}onSubscribe(){this.#t||this.setEventListener(this.#n)}onUnsubscribe(){this.hasListeners()||(this.#t?.(),this.#t=void 0)}setEventListener(e){this.#n=e,this.#t?.(),this.#t=e(e=>{typeof e==`boolean`?this.setFocused(e):this.onFocus()})}setFocused(e){this.#e!==e&&(this.#e=e,this.onFocus())}onFocus(){let e=this.isFocused();this.listeners.forEach(t=>{t(e)})}isFocused(){return typeof this.#e==`boolean`?this.#e:globalThis.document?.visibilityState!==`hidden`}},a={setTimeout:(e,t)=>setTimeout(e,t),clearTimeout:e=>clearTimeout(e),setInterval:(e,t)=>setInterval(e,t),clearInterval:e=>clearInterval(e)},o=new class{#e=a;setTimeoutProvider(e){this.#e=e}setTimeout(e,t){return this.#e.setTimeout(e,t)}clearTimeout(e){this.#e.clearTimeout(e)}setInterval(e,t){return this.#e.setInterval(e,t)}clearInterval(e){this.#e.clearInterval(e)}};function s(e){setTimeout(e,0)}var c=typeof window>`u`||`Deno`in globalThis;function l(){}function u(e,t){return typeof e==`function`?e(t):e}function d(e){return typeof e==`number`&&e>=0&&e!==1/0}function f(e,t){return Math.max(e+(t||0)-Date.now(),0)}function p(e,t){return typeof e==`function`?e(t):e}function m(e,t){let{type:n=`all`,exact:r,fetchStatus:i,predicate:a,queryKey:o,stale:s}=e;if(o){if(r){if(t.queryHash!==g(o,t.options))return!1}else if(!v(t.queryKey,o))return!1}if(n!==`all`){let e=t.isActive();if(n===`active`&&!e||n===`inactive`&&e)return!1}return!(typeof s==`boolean`&&t.isStale()!==s||i&&i!==t.state.fetchStatus||a&&!a(t))}function h(e,t){let{exact:n,status:r,predicate:i,mutationKey:a}=e;if(a){if(!t.options.mutationKey)return!1;if(n){if(_(t.options.mutationKey)!==_(a))return!1}else if(!v(t.options.mutationKey,a))return!1}return!(r&&t.state.status!==r||i&&!i(t))}function g(e,t){return(t?.queryKeyHashFn||_)(e)}function _(e){return JSON.stringify(e,(e,t)=>S(t)?Object.keys(t).sort().reduce((e,n)=>(e[n]=t[n],e),{}):t)}function v(e,t){if(e===t)return!0;if(typeof e!=typeof t)return!1;if(e&&t&&typeof e==`object`&&typeof t==`object`){if(Array.isArray(e)!==Array.isArray(t))return!1;if(Array.isArray(e)&&Array.isArray(t)){if(t.length>e.length)return!1;for(let n=0;n<t.length;n++)if(!v(e[n],t[n]))return!1;return!0}let n=Object.keys(t);for(let r of n)if(!v(e[r],t[r]))return!1;return!0}return!1}var y=Object.prototype.hasOwnProperty;function b(e,t,n=0){if(e===t)return e;if(n>500)return t;let r=x(e)&&x(t);if(!r&&!(S(e)&&S(t)))return t;let i=(r?e:Object.keys(e)).length,a=r?t:Object.keys(t),o=a.length,s=r?Array(o):{},c=0;for(let l=0;l<o;l++){let o=r?l:a[l],u=e[o],d=t[o];if(u===d){s[o]=u,(r?l<i:y.call(e,o))&&c++;continue}if(u===null||d===null||typeof u!=`object`||typeof d!=`object`){s[o]=d;continue}let f=b(u,d,n+1);s[o]=f,f===u&&c++}return i===o&&c===i?e:s}function ee(e,t){if(!t||Object.keys(e).length!==Object.keys(t).length)return!1;for(let n of Object.keys(e))if(!y.call(t,n)||e[n]!==t[n])return!1;return!0}function x(e){return Array.isArray(e)&&e.length===Object.keys(e).length}function S(e){if(!C(e))return!1;let t=Object.getPrototypeOf(e),n=t?.constructor;if(n===void 0)return!0;if(typeof n!=`function`)return!1;let r=n.prototype;return!(!C(r)||!r.hasOwnProperty(`isPrototypeOf`)||t!==Object.prototype)}function C(e){return Object.prototype.toString.call(e)===`[object Object]`}function w(e){return new Promise(t=>{o.setTimeout(t,e)})}function T(e,t,n){return typeof n.structuralSharing==`function`?n.structuralSharing(e,t):n.structuralSharing===!1?t:b(e,t)}function te(e){return e}function E(e,t,n,r){let i=r?[t,...e]:[...e,t];return n&&i.length>n?r?i.slice(0,n):i.slice(-n):i}var D=Symbol();function O(e,t){return!e.queryFn&&t?.initialPromise?()=>t.initialPromise:!e.queryFn||e.queryFn===D?()=>Promise.reject(Error(`Missing queryFn: '${e.queryHash}'`)):e.queryFn}function k(e,t){return typeof e==`function`?e(...t):!!e}var A=Symbol();function j(e,t,n,r){let i=!1,a;return Object.defineProperties(e,{[A]:{value:r},signal:{enumerable:!0,get:()=>(a??=t(),i||(i=!0,a.aborted?n():a.addEventListener(`abort`,n,{once:!0})),a)}}),e}var M=()=>c,N=()=>M();function P(e){return{onFetch:(t,n)=>{let r=t.options,i=t.fetchOptions?.meta?.fetchMore?.direction,a=t.state.data?.pages||[],o=t.state.data?.pageParams||[],s={pages:[],pageParams:[]},c=0,l=async()=>{let n=!1,l=t,u=e=>{j(e,()=>t.signal,()=>n=!0,l[A])},d=O(t.options,t.fetchOptions),f=async(e,r,i)=>{if(n)return Promise.reject(t.signal.reason);if(r==null&&e.pages.length)return Promise.resolve(e);let a=(()=>{let e={client:t.client,queryKey:t.queryKey,pageParam:r,direction:i?`backward`:`forward`,meta:t.options.meta};return u(e),e})(),o=await d(a),{maxPages:s}=t.options;return{pages:E(e.pages,o,s,i),pageParams:E(e.pageParams,r,s,i)}};if(i&&a.length){let e=i===`backward`,t=e?I:F,n={pages:a,pageParams:o};s=await f(n,t(r,n),e)}else{let t=e??a.length;do{let e=c===0?o[0]===void 0?r.initialPageParam:o[0]:F(r,s);if(c>0&&e==null)break;s=await f(s,e),c++}while(c<t)}return s};t.fetchFn=t.options.persister?()=>t.options.persister?.(l,{client:t.client,queryKey:t.queryKey,meta:t.options.meta,signal:t.signal},n):l}}}function F(e,{pages:t,pageParams:n}){let r=t.length-1;return t.length>0?e.getNextPageParam(t[r],t,n[r],n):void 0}function I(e,{pages:t,pageParams:n}){return t.length>0?e.getPreviousPageParam?.(t[0],t,n[0],n):void 0}function L(e,t){return t?F(e,t)!=null:!1}function R(e,t){return!t||!e.getPreviousPageParam?!1:I(e,t)!=null}var z=s;function B(){let e=[],t=0,n=e=>{e()},r=e=>{e()},i=z,a=r=>{t?e.push(r):i(()=>{n(r)})},o=()=>{let t=e;e=[],t.length&&i(()=>{r(()=>{t.forEach(e=>{n(e)})})})};return{batch:e=>{let n;t++;try{n=e()}finally{t--,t||o()}return n},batchCalls:e=>(...t)=>{a(()=>{e(...t)})},schedule:a,setNotifyFunction:e=>{n=e},setBatchNotifyFunction:e=>{r=e},setScheduler:e=>{i=e}}}var V=B(),H=class{#e;destroy(){this.clearGcTimeout()}scheduleGc(){this.clearGcTimeout(),d(this.gcTime)&&(this.#e=o.setTimeout(()=>{this.optionalRemove()},this.gcTime))}updateGcTime(e){this.gcTime=Math.max(this.gcTime||0,e??(N()?1/0:3e5))}clearGcTimeout(){this.#e!==void 0&&(o.clearTimeout(this.#e),this.#e=void 0)}},U=new class extends r{#e=!0;#t;#n;constructor(){super(),this.#n=e=>{if(typeof window<`u`&&window.addEventListener){let t=()=>e(!0),n=()=>e(!1);return window.addEventListener(`online`,t,!1),window.addEventListener(`offline`,n,!1),()=>{window.removeEventListener(`online`,t),window.removeEventListener(`offline`,n)}}}}onSubscribe(){this.#t||this.setEventListener(this.#n)}onUnsubscribe(){this.hasListeners()||(this.#t?.(),this.#t=void 0)}setEventListener(e){this.#n=e,this.#t?.(),this.#t=e(this.setOnline.bind(this))}setOnline(e){this.#e!==e&&(this.#e=e,this.listeners.forEach(t=>{t(e)}))}isOnline(){return this.#e}};function W(e){return Math.min(1e3*2**e,3e4)}function G(e){return(e??`online`)!==`online`||U.isOnline()}var K=class extends Error{constructor(e){super(`CancelledError`),this.revert=e?.revert,this.silent=e?.silent}};function q(e){let t=!1,n=0,r,a=`pending`,o,s,c=new Promise((e,t)=>{o=e,s=t});c.catch(l);let u=()=>a!==`pending`,d=t=>{if(!u()){let n=new K(t);_(n),e.onCancel?.(n)}},f=()=>{t=!0},p=()=>{t=!1},m=()=>i.isFocused()&&(e.networkMode===`always`||U.isOnline())&&e.canRun(),h=()=>G(e.networkMode)&&e.canRun(),g=e=>{u()||(r?.(),a=`resolved`,o(e))},_=e=>{u()||(r?.(),a=`rejected`,s(e))},v=t=>new Promise(n=>{r=e=>{(u()||t())&&n(e)},e.onPause?.()}).then(()=>{r=void 0,u()||e.onContinue?.()}),y=()=>{if(u())return;let r,i=n===0?e.initialPromise:void 0;try{r=i??e.fn()}catch(e){r=Promise.reject(e)}Promise.resolve(r).then(g).catch(r=>{if(u())return;let i=e.retry??(N()?0:3),a=e.retryDelay??W,o=typeof a==`function`?a(n,r):a,s=i===!0||typeof i==`number`&&n<i||typeof i==`function`&&i(n,r);t||!s?_(r):(n++,e.onFail?.(n,r),w(o).then(()=>u()||m()?void 0:v(m)).then(()=>{t?_(r):y()}))})};return{promise:c,status:()=>a,cancel:d,continue:()=>(r?.(),c),cancelRetry:f,continueRetry:p,canStart:h,start:()=>(h()?y():v(h).then(y),c)}}var ne=class extends H{#e;#t;#n;#r;#i;#a;#o;#s;#c;constructor(e){super(),this.#c=!1,this.#s=e.defaultOptions,this.setOptions(e.options),this.observers=[],this.#i=e.client,this.#r=this.#i.getQueryCache(),this.queryKey=e.queryKey,this.queryHash=e.queryHash,this.#t=X(this.options),this.state=e.state??this.#t,this.scheduleGc()}get meta(){return this.options.meta}get queryType(){return this.#e}get promise(){return this.#a?.promise}setOptions(e){if(this.options={...this.#s,...e},e?._type&&(this.#e=e._type),this.updateGcTime(this.options.gcTime),this.state&&this.state.data===void 0){let e=X(this.options);e.data!==void 0&&(this.setState(Y(e.data,e.dataUpdatedAt)),this.#t=e)}}optionalRemove(){!this.observers.length&&this.state.fetchStatus===`idle`&&this.#r.remove(this)}setData(e,t){let n=T(this.state.data,e,this.options);return this.#u({data:n,type:`success`,dataUpdatedAt:t?.updatedAt,manual:t?.manual}),n}setState(e){this.#u({type:`setState`,state:e})}cancel(e){let t=this.#a?.promise;return this.#a?.cancel(e),t?t.then(l).catch(l):Promise.resolve()}destroy(){this.cancel({silent:!0}),super.destroy()}get resetState(){return this.#t}reset(){this.destroy(),this.setState(this.resetState)}isActive(){return this.observers.some(e=>p(e.options.enabled,this)!==!1)}isDisabled(){return this.getObserversCount()>0?!this.isActive():this.options.queryFn===D||!this.isFetched()}isFetched(){return this.state.dataUpdateCount+this.state.errorUpdateCount>0}isStatic(){return this.state.data!==void 0&&this.getObserversCount()>0&&this.observers.some(e=>p(e.options.staleTime,this)===`static`)}isStale(){return this.getObserversCount()>0?this.observers.some(e=>e.getCurrentResult().isStale):this.state.data===void 0||this.state.isInvalidated}isStaleByTime(e=0){return this.state.data===void 0?!0:e===`static`?!1:this.state.isInvalidated?!0:!f(this.state.dataUpdatedAt,e)}onFocus(){this.observers.find(e=>e.shouldFetchOnWindowFocus())?.refetch({cancelRefetch:!1}),this.#a?.continue()}onOnline(){this.observers.find(e=>e.shouldFetchOnReconnect())?.refetch({cancelRefetch:!1}),this.#a?.continue()}addObserver(e){this.observers.includes(e)||(this.observers.push(e),this.clearGcTimeout(),this.#r.notify({type:`observerAdded`,query:this,observer:e}))}removeObserver(e){let t=this.observers.indexOf(e);t!==-1&&(this.observers.splice(t,1),this.observers.length||(this.#a&&(this.#c||this.state.fetchStatus===`paused`&&this.state.status===`pending`?this.#a.cancel({revert:!0}):this.#a.cancelRetry()),this.#l()),this.#r.notify({type:`observerRemoved`,query:this,observer:e}))}getObserversCount(){return this.observers.length}invalidate(){this.state.isInvalidated||this.#u({type:`invalidate`})}async fetch(e,t){if(this.state.fetchStatus!==`idle`&&this.#a?.status()!==`rejected`){if(this.state.data!==void 0&&t?.cancelRefetch)this.cancel({silent:!0});else if(this.#a&&this.#o)return this.#a.continueRetry(),this.#o}if(e&&this.setOptions(e),!this.options.queryFn){let e=this.observers.find(e=>e.options.queryFn);e&&this.setOptions(e.options)}let n=new AbortController,r=e=>{Object.defineProperties(e,{[A]:{value:n.signal,enumerable:!0},signal:{enumerable:!0,get:()=>(this.#c=!0,n.signal)}})},i=()=>{let e=O(this.options,t),n=(()=>{let e={client:this.#i,queryKey:this.queryKey,meta:this.meta};return r(e),e})();return this.#c=!1,this.options.persister?this.options.persister(e,n,this):e(n)},a=(()=>{let e={fetchOptions:t,options:this.options,queryKey:this.queryKey,client:this.#i,state:this.state,fetchFn:i};return r(e),e})();(this.#e===`infinite`?P(this.options.pages):this.options.behavior)?.onFetch(a,this),this.#n=this.state,(this.state.fetchStatus===`idle`||this.state.fetchMeta!==a.fetchOptions?.meta)&&this.#u({type:`fetch`,meta:a.fetchOptions?.meta});let o=this.#a=q({initialPromise:t?.initialPromise,fn:a.fetchFn,onCancel:e=>{e instanceof K&&e.revert&&this.setState({...this.#n,fetchStatus:`idle`}),n.abort()},onFail:(e,t)=>{this.#u({type:`failed`,failureCount:e,error:t})},onPause:()=>{this.#u({type:`pause`})},onContinue:()=>{this.#u({type:`continue`})},retry:a.options.retry,retryDelay:a.options.retryDelay,networkMode:a.options.networkMode,canRun:()=>!0}),s=(async()=>{try{let e=await o.promise;if(e===void 0)throw Error(`${this.queryHash} data is undefined`);return this.setData(e),this.#r.config.onSuccess?.(e,this),this.#r.config.onSettled?.(e,this.state.error,this),e}catch(e){if(e instanceof K){if(e.silent){if(this.#a!==o&&this.#o)return this.#o;throw e}if(e.revert){if(this.state.data===void 0)throw e;return this.state.data}}throw this.#u({type:`error`,error:e}),this.#r.config.onError?.(e,this),this.#r.config.onSettled?.(this.state.data,e,this),e}finally{this.#a===o&&(this.#a=void 0,this.#o=void 0),this.#l()}})();return this.#o=s,o.start(),s}#l(){this.#r.get(this.queryHash)===this&&this.scheduleGc()}#u(e){let t=t=>{switch(e.type){case`failed`:return{...t,fetchFailureCount:e.failureCount,fetchFailureReason:e.error};case`pause`:return{...t,fetchStatus:`paused`};case`continue`:return{...t,fetchStatus:`fetching`};case`fetch`:return{...t,...J(t.data,this.options),fetchMeta:e.meta??null};case`success`:{let n={...t,...Y(e.data,e.dataUpdatedAt),dataUpdateCount:t.dataUpdateCount+1,...!e.manual&&{fetchStatus:`idle`,fetchFailureCount:0,fetchFailureReason:null}};return this.#n=e.manual?n:void 0,n}case`error`:{let n=e.error;return{...t,error:n,errorUpdateCount:t.errorUpdateCount+1,errorUpdatedAt:Date.now(),fetchFailureCount:t.fetchFailureCount+1,fetchFailureReason:n,fetchStatus:`idle`,status:`error`,isInvalidated:!0}}case`invalidate`:return{...t,isInvalidated:!0};case`setState`:return{...t,...e.state}}};this.state=t(this.state),V.batch(()=>{this.observers.slice().forEach(e=>{e.onQueryUpdate()}),this.#r.notify({query:this,type:`updated`,action:e})})}};function J(e,t){return{fetchFailureCount:0,fetchFailureReason:null,fetchStatus:G(t.networkMode)?`fetching`:`paused`,...e===void 0&&{error:null,status:`pending`}}}function Y(e,t){return{data:e,dataUpdatedAt:t??Date.now(),error:null,isInvalidated:!1,status:`success`}}function X(e){let t=typeof e.initialData==`function`?e.initialData():e.initialData,n=t!==void 0,r=n?typeof e.initialDataUpdatedAt==`function`?e.initialDataUpdatedAt():e.initialDataUpdatedAt:0;return{data:t,dataUpdateCount:0,dataUpdatedAt:n?r??Date.now():0,error:null,errorUpdateCount:0,errorUpdatedAt:0,fetchFailureCount:0,fetchFailureReason:null,fetchMeta:null,isInvalidated:!1,status:n?`success`:`pending`,fetchStatus:`idle`}}var Z=class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}},re={"\n  query Newest {\n    logsConnection(order: TIME_DESC, first: 1) {\n      nodes {\n        time\n      }\n    }\n  }\n":new Z(`
    query Newest {
  logsConnection(order: TIME_DESC, first: 1) {
    nodes {
      time
    }
  }
}
    `),"\n  query AllTypes {\n    logTypes {\n      types {\n        type\n        count\n      }\n    }\n  }\n":new Z(`
    query AllTypes {
  logTypes {
    types {
      type
      count
    }
  }
}
    `),"\n  query Viewer {\n    viewer {\n      name\n      scopes\n      userId\n      expiresAt\n    }\n  }\n":new Z(`
    query Viewer {
  viewer {
    name
    scopes
    userId
    expiresAt
  }
}
    `),"\n  query TypeCounts($filter: LogFilter) {\n    logTypes(filter: $filter, first: 1000) {\n      types {\n        type\n        count\n      }\n      otherTypeCount\n    }\n  }\n":new Z(`
    query TypeCounts($filter: LogFilter) {
  logTypes(filter: $filter, first: 1000) {
    types {
      type
      count
    }
    otherTypeCount
  }
}
    `),"\n  query EntryExtent($filter: LogFilter) {\n    oldest: logsConnection(filter: $filter, order: TIME_ASC, first: 1) {\n      nodes {\n        time\n      }\n    }\n    newest: logsConnection(filter: $filter, order: TIME_DESC, first: 1) {\n      nodes {\n        time\n      }\n    }\n  }\n":new Z(`
    query EntryExtent($filter: LogFilter) {
  oldest: logsConnection(filter: $filter, order: TIME_ASC, first: 1) {
    nodes {
      time
    }
  }
  newest: logsConnection(filter: $filter, order: TIME_DESC, first: 1) {
    nodes {
      time
    }
  }
}
    `),"\n  query EntryHistogram(\n    $filter: LogFilter\n    $interval: HistogramInterval!\n    $timeZone: String\n    $later: LogFilter\n    $countLater: Boolean!\n  ) {\n    logHistogram(filter: $filter, interval: $interval, timeZone: $timeZone, groupBy: TYPE, topGroups: 8) {\n      buckets {\n        start\n        end\n        partial\n        count\n        groups {\n          key\n          count\n        }\n        otherCount\n      }\n      outsideCount\n    }\n    later: logsConnection(filter: $later, first: 1) @include(if: $countLater) {\n      totalCount {\n        value\n        exact\n      }\n    }\n  }\n":new Z(`
    query EntryHistogram($filter: LogFilter, $interval: HistogramInterval!, $timeZone: String, $later: LogFilter, $countLater: Boolean!) {
  logHistogram(
    filter: $filter
    interval: $interval
    timeZone: $timeZone
    groupBy: TYPE
    topGroups: 8
  ) {
    buckets {
      start
      end
      partial
      count
      groups {
        key
        count
      }
      otherCount
    }
    outsideCount
  }
  later: logsConnection(filter: $later, first: 1) @include(if: $countLater) {
    totalCount {
      value
      exact
    }
  }
}
    `),"\n  mutation RecordSample($input: RecordSessionInput!) {\n    recordSession(input: $input) {\n      recordedCount\n    }\n  }\n":new Z(`
    mutation RecordSample($input: RecordSessionInput!) {
  recordSession(input: $input) {
    recordedCount
  }
}
    `),"\n  subscription LiveEntries($filter: LogFilter, $after: String) {\n    logRecorded(filter: $filter, after: $after) {\n      entries {\n        id\n        time\n        type\n        properties\n        userId\n        sessionId\n        receivedAt\n      }\n      erasures {\n        userId\n        sessionId\n        erasedAt\n      }\n      cursor\n      hasMore\n    }\n  }\n":new Z(`
    subscription LiveEntries($filter: LogFilter, $after: String) {
  logRecorded(filter: $filter, after: $after) {
    entries {
      id
      time
      type
      properties
      userId
      sessionId
      receivedAt
    }
    erasures {
      userId
      sessionId
      erasedAt
    }
    cursor
    hasMore
  }
}
    `),"\n  query EarlierEntries($filter: LogFilter) {\n    logsConnection(filter: $filter, order: TIME_DESC, first: 50) {\n      nodes {\n        id\n        time\n        type\n        properties\n        userId\n        sessionId\n        receivedAt\n      }\n    }\n  }\n":new Z(`
    query EarlierEntries($filter: LogFilter) {
  logsConnection(filter: $filter, order: TIME_DESC, first: 50) {
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
}
    `),"\n  query SessionSummary($userId: String!, $sessionId: String!) {\n    session(userId: $userId, sessionId: $sessionId) {\n      id\n      userId\n      sessionId\n      startedAt\n      endedAt\n      entryCount\n    }\n  }\n":new Z(`
    query SessionSummary($userId: String!, $sessionId: String!) {
  session(userId: $userId, sessionId: $sessionId) {
    id
    userId
    sessionId
    startedAt
    endedAt
    entryCount
  }
}
    `),"\n  query SessionTypes($filter: LogFilter) {\n    logTypes(filter: $filter, first: 1000) {\n      types {\n        type\n        count\n      }\n      otherTypeCount\n      otherCount\n    }\n  }\n":new Z(`
    query SessionTypes($filter: LogFilter) {
  logTypes(filter: $filter, first: 1000) {
    types {
      type
      count
    }
    otherTypeCount
    otherCount
  }
}
    `),"\n  query StepPage($filter: LogFilter, $order: LogOrder, $first: Int, $after: String) {\n    logsConnection(filter: $filter, order: $order, first: $first, after: $after) {\n      nodes {\n        id\n        time\n        type\n        properties\n        userId\n        sessionId\n        receivedAt\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n":new Z(`
    query StepPage($filter: LogFilter, $order: LogOrder, $first: Int, $after: String) {
  logsConnection(filter: $filter, order: $order, first: $first, after: $after) {
    nodes {
      id
      time
      type
      properties
      userId
      sessionId
      receivedAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `),"\n  mutation EraseSession($userId: String!, $sessionId: String!, $dryRun: Boolean!) {\n    deleteSession(userId: $userId, sessionId: $sessionId, dryRun: $dryRun) {\n      deletedCount\n    }\n  }\n":new Z(`
    mutation EraseSession($userId: String!, $sessionId: String!, $dryRun: Boolean!) {
  deleteSession(userId: $userId, sessionId: $sessionId, dryRun: $dryRun) {
    deletedCount
  }
}
    `),"\n  mutation EraseUser($userId: String!, $dryRun: Boolean!) {\n    deleteUserData(userId: $userId, dryRun: $dryRun) {\n      deletedCount\n    }\n  }\n":new Z(`
    mutation EraseUser($userId: String!, $dryRun: Boolean!) {
  deleteUserData(userId: $userId, dryRun: $dryRun) {
    deletedCount
  }
}
    `),"\n  query MarkPage($filter: LogFilter, $first: Int, $after: String) {\n    logsConnection(filter: $filter, first: $first, after: $after) {\n      nodes {\n        time\n        type\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n":new Z(`
    query MarkPage($filter: LogFilter, $first: Int, $after: String) {
  logsConnection(filter: $filter, first: $first, after: $after) {
    nodes {
      time
      type
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `),"\n  query MarkHistogram($filter: LogFilter, $interval: HistogramInterval!) {\n    logHistogram(filter: $filter, interval: $interval, groupBy: TYPE, topGroups: 100) {\n      buckets {\n        start\n        end\n        groups {\n          key\n          count\n        }\n        otherCount\n      }\n    }\n  }\n":new Z(`
    query MarkHistogram($filter: LogFilter, $interval: HistogramInterval!) {
  logHistogram(
    filter: $filter
    interval: $interval
    groupBy: TYPE
    topGroups: 100
  ) {
    buckets {
      start
      end
      groups {
        key
        count
      }
      otherCount
    }
  }
}
    `),"\n  query SessionPage($filter: SessionFilter, $first: Int, $after: String) {\n    sessions(filter: $filter, first: $first, after: $after) {\n      nodes {\n        id\n        userId\n        sessionId\n        startedAt\n        endedAt\n        entryCount\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n":new Z(`
    query SessionPage($filter: SessionFilter, $first: Int, $after: String) {
  sessions(filter: $filter, first: $first, after: $after) {
    nodes {
      id
      userId
      sessionId
      startedAt
      endedAt
      entryCount
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `),"\n  query EntryTotal($filter: LogFilter, $upTo: Int) {\n    logsConnection(filter: $filter, first: 1) {\n      totalCount(upTo: $upTo) {\n        value\n        exact\n      }\n    }\n  }\n":new Z(`
    query EntryTotal($filter: LogFilter, $upTo: Int) {
  logsConnection(filter: $filter, first: 1) {
    totalCount(upTo: $upTo) {
      value
      exact
    }
  }
}
    `),"\n  query EntryPage($filter: LogFilter, $order: LogOrder, $first: Int, $after: String) {\n    logsConnection(filter: $filter, order: $order, first: $first, after: $after) {\n      nodes {\n        id\n        time\n        type\n        properties\n        userId\n        sessionId\n        receivedAt\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n":new Z(`
    query EntryPage($filter: LogFilter, $order: LogOrder, $first: Int, $after: String) {
  logsConnection(filter: $filter, order: $order, first: $first, after: $after) {
    nodes {
      id
      time
      type
      properties
      userId
      sessionId
      receivedAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `),"\n  query OldestTime($filter: LogFilter) {\n    logsConnection(filter: $filter, order: TIME_ASC, first: 1) {\n      nodes {\n        time\n      }\n    }\n  }\n":new Z(`
    query OldestTime($filter: LogFilter) {
  logsConnection(filter: $filter, order: TIME_ASC, first: 1) {
    nodes {
      time
    }
  }
}
    `),"\n  query EntryIds($filter: LogFilter, $after: String) {\n    logsConnection(filter: $filter, first: 1000, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n":new Z(`
    query EntryIds($filter: LogFilter, $after: String) {
  logsConnection(filter: $filter, first: 1000, after: $after) {
    edges {
      cursor
      node {
        id
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `)};function ie(e){return re[e]??{}}var Q=e();function $({kind:e,children:t}){return(0,Q.jsx)(`div`,{className:`notice ${e??``}`,role:e===`error`?`alert`:`status`,children:t})}function ae({error:e,onRetry:r}){let i=e instanceof Error?e.message:String(e);return(0,Q.jsxs)($,{kind:`error`,children:[(0,Q.jsxs)(`p`,{children:[i,` `,e instanceof t&&e.code!==`OFFLINE`&&(0,Q.jsx)(`code`,{children:e.code})]}),r&&(0,Q.jsx)(n,{onPress:r,children:`Try again`})]})}export{r as A,p as C,f as D,D as E,o as O,T as S,k as T,te as _,J as a,l as b,H as c,R as d,N as f,d as g,g as h,ne as i,i as k,V as l,_ as m,$ as n,q as o,u as p,ie as r,U as s,ae as t,L as u,h as v,ee as w,v as x,m as y};