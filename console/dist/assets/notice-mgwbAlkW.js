import{a as e}from"./rolldown-runtime-BWaJ3C7D.js";import{H as t,V as n}from"./useHover-BTfm5j2K.js";import{l as r,n as i,o as a}from"./request-B39zEiZj.js";import{t as o}from"./button-EN0EM2-O.js";var s=class{constructor(){this.listeners=new Set,this.subscribe=this.subscribe.bind(this)}subscribe(e){return this.listeners.add(e),this.onSubscribe(),()=>{this.listeners.delete(e),this.onUnsubscribe()}}hasListeners(){return this.listeners.size>0}onSubscribe(){}onUnsubscribe(){}},c=new class extends s{#e;#t;#n;constructor(){super(),this.#n=e=>{if(typeof window<`u`&&window.addEventListener){let t=()=>e();return window.addEventListener(`visibilitychange`,t,!1),()=>{window.removeEventListener(`visibilitychange`,t)}}}}onSubscribe(){this.#t||this.setEventListener(this.#n)}onUnsubscribe(){this.hasListeners()||(this.#t?.(),this.#t=void 0)}setEventListener(e){this.#n=e,this.#t?.(),this.#t=e(e=>{typeof e==`boolean`?this.setFocused(e):this.onFocus()})}setFocused(e){this.#e!==e&&(this.#e=e,this.onFocus())}onFocus(){let e=this.isFocused();this.listeners.forEach(t=>{t(e)})}isFocused(){return typeof this.#e==`boolean`?this.#e:globalThis.document?.visibilityState!==`hidden`}},l={setTimeout:(e,t)=>setTimeout(e,t),clearTimeout:e=>clearTimeout(e),setInterval:(e,t)=>setInterval(e,t),clearInterval:e=>clearInterval(e)},u=new class{#e=l;setTimeoutProvider(e){this.#e=e}setTimeout(e,t){return this.#e.setTimeout(e,t)}clearTimeout(e){this.#e.clearTimeout(e)}setInterval(e,t){return this.#e.setInterval(e,t)}clearInterval(e){this.#e.clearInterval(e)}};function d(e){setTimeout(e,0)}var f=typeof window>`u`||`Deno`in globalThis;function p(){}function m(e,t){return typeof e==`function`?e(t):e}function h(e){return typeof e==`number`&&e>=0&&e!==1/0}function g(e,t){return Math.max(e+(t||0)-Date.now(),0)}function _(e,t){return typeof e==`function`?e(t):e}function v(e,t){let{type:n=`all`,exact:r,fetchStatus:i,predicate:a,queryKey:o,stale:s}=e;if(o){if(r){if(t.queryHash!==b(o,t.options))return!1}else if(!S(t.queryKey,o))return!1}if(n!==`all`){let e=t.isActive();if(n===`active`&&!e||n===`inactive`&&e)return!1}return!(typeof s==`boolean`&&t.isStale()!==s||i&&i!==t.state.fetchStatus||a&&!a(t))}function y(e,t){let{exact:n,status:r,predicate:i,mutationKey:a}=e;if(a){if(!t.options.mutationKey)return!1;if(n){if(x(t.options.mutationKey)!==x(a))return!1}else if(!S(t.options.mutationKey,a))return!1}return!(r&&t.state.status!==r||i&&!i(t))}function b(e,t){return(t?.queryKeyHashFn||x)(e)}function x(e){return JSON.stringify(e,(e,t)=>w(t)?Object.keys(t).sort().reduce((e,n)=>(e[n]=t[n],e),{}):t)}function S(e,t){if(e===t)return!0;if(typeof e!=typeof t)return!1;if(e&&t&&typeof e==`object`&&typeof t==`object`){if(Array.isArray(e)!==Array.isArray(t))return!1;if(Array.isArray(e)&&Array.isArray(t)){if(t.length>e.length)return!1;for(let n=0;n<t.length;n++)if(!S(e[n],t[n]))return!1;return!0}let n=Object.keys(t);for(let r of n)if(!S(e[r],t[r]))return!1;return!0}return!1}var ee=Object.prototype.hasOwnProperty;function te(e,t,n=0){if(e===t)return e;if(n>500)return t;let r=C(e)&&C(t);if(!r&&!(w(e)&&w(t)))return t;let i=(r?e:Object.keys(e)).length,a=r?t:Object.keys(t),o=a.length,s=r?Array(o):{},c=0;for(let l=0;l<o;l++){let o=r?l:a[l],u=e[o],d=t[o];if(u===d){s[o]=u,(r?l<i:ee.call(e,o))&&c++;continue}if(u===null||d===null||typeof u!=`object`||typeof d!=`object`){s[o]=d;continue}let f=te(u,d,n+1);s[o]=f,f===u&&c++}return i===o&&c===i?e:s}function ne(e,t){if(!t||Object.keys(e).length!==Object.keys(t).length)return!1;for(let n of Object.keys(e))if(!ee.call(t,n)||e[n]!==t[n])return!1;return!0}function C(e){return Array.isArray(e)&&e.length===Object.keys(e).length}function w(e){if(!T(e))return!1;let t=Object.getPrototypeOf(e),n=t?.constructor;if(n===void 0)return!0;if(typeof n!=`function`)return!1;let r=n.prototype;return!(!T(r)||!r.hasOwnProperty(`isPrototypeOf`)||t!==Object.prototype)}function T(e){return Object.prototype.toString.call(e)===`[object Object]`}function re(e){return new Promise(t=>{u.setTimeout(t,e)})}function E(e,t,n){return typeof n.structuralSharing==`function`?n.structuralSharing(e,t):n.structuralSharing===!1?t:te(e,t)}function ie(e){return e}function D(e,t,n,r){let i=r?[t,...e]:[...e,t];return n&&i.length>n?r?i.slice(0,n):i.slice(-n):i}var O=Symbol();function k(e,t){return!e.queryFn&&t?.initialPromise?()=>t.initialPromise:!e.queryFn||e.queryFn===O?()=>Promise.reject(Error(`Missing queryFn: '${e.queryHash}'`)):e.queryFn}function ae(e,t){return typeof e==`function`?e(...t):!!e}var A=Symbol();function oe(e,t,n,r){let i=!1,a;return Object.defineProperties(e,{[A]:{value:r},signal:{enumerable:!0,get:()=>(a??=t(),i||(i=!0,a.aborted?n():a.addEventListener(`abort`,n,{once:!0})),a)}}),e}var se=()=>f,j=()=>se();function ce(e){return{onFetch:(t,n)=>{let r=t.options,i=t.fetchOptions?.meta?.fetchMore?.direction,a=t.state.data?.pages||[],o=t.state.data?.pageParams||[],s={pages:[],pageParams:[]},c=0,l=async()=>{let n=!1,l=t,u=e=>{oe(e,()=>t.signal,()=>n=!0,l[A])},d=k(t.options,t.fetchOptions),f=async(e,r,i)=>{if(n)return Promise.reject(t.signal.reason);if(r==null&&e.pages.length)return Promise.resolve(e);let a=(()=>{let e={client:t.client,queryKey:t.queryKey,pageParam:r,direction:i?`backward`:`forward`,meta:t.options.meta};return u(e),e})(),o=await d(a),{maxPages:s}=t.options;return{pages:D(e.pages,o,s,i),pageParams:D(e.pageParams,r,s,i)}};if(i&&a.length){let e=i===`backward`,t=e?N:M,n={pages:a,pageParams:o};s=await f(n,t(r,n),e)}else{let t=e??a.length;do{let e=c===0?o[0]===void 0?r.initialPageParam:o[0]:M(r,s);if(c>0&&e==null)break;s=await f(s,e),c++}while(c<t)}return s};t.fetchFn=t.options.persister?()=>t.options.persister?.(l,{client:t.client,queryKey:t.queryKey,meta:t.options.meta,signal:t.signal},n):l}}}function M(e,{pages:t,pageParams:n}){let r=t.length-1;return t.length>0?e.getNextPageParam(t[r],t,n[r],n):void 0}function N(e,{pages:t,pageParams:n}){return t.length>0?e.getPreviousPageParam?.(t[0],t,n[0],n):void 0}function le(e,t){return t?M(e,t)!=null:!1}function ue(e,t){return!t||!e.getPreviousPageParam?!1:N(e,t)!=null}var de=d;function fe(){let e=[],t=0,n=e=>{e()},r=e=>{e()},i=de,a=r=>{t?e.push(r):i(()=>{n(r)})},o=()=>{let t=e;e=[],t.length&&i(()=>{r(()=>{t.forEach(e=>{n(e)})})})};return{batch:e=>{let n;t++;try{n=e()}finally{t--,t||o()}return n},batchCalls:e=>(...t)=>{a(()=>{e(...t)})},schedule:a,setNotifyFunction:e=>{n=e},setBatchNotifyFunction:e=>{r=e},setScheduler:e=>{i=e}}}var P=fe(),F=class{#e;destroy(){this.clearGcTimeout()}scheduleGc(){this.clearGcTimeout(),h(this.gcTime)&&(this.#e=u.setTimeout(()=>{this.optionalRemove()},this.gcTime))}updateGcTime(e){this.gcTime=Math.max(this.gcTime||0,e??(j()?1/0:3e5))}clearGcTimeout(){this.#e!==void 0&&(u.clearTimeout(this.#e),this.#e=void 0)}},I=new class extends s{#e=!0;#t;#n;constructor(){super(),this.#n=e=>{if(typeof window<`u`&&window.addEventListener){let t=()=>e(!0),n=()=>e(!1);return window.addEventListener(`online`,t,!1),window.addEventListener(`offline`,n,!1),()=>{window.removeEventListener(`online`,t),window.removeEventListener(`offline`,n)}}}}onSubscribe(){this.#t||this.setEventListener(this.#n)}onUnsubscribe(){this.hasListeners()||(this.#t?.(),this.#t=void 0)}setEventListener(e){this.#n=e,this.#t?.(),this.#t=e(this.setOnline.bind(this))}setOnline(e){this.#e!==e&&(this.#e=e,this.listeners.forEach(t=>{t(e)}))}isOnline(){return this.#e}};function pe(e){return Math.min(1e3*2**e,3e4)}function L(e){return(e??`online`)!==`online`||I.isOnline()}var R=class extends Error{constructor(e){super(`CancelledError`),this.revert=e?.revert,this.silent=e?.silent}};function z(e){let t=!1,n=0,r,i=`pending`,a,o,s=new Promise((e,t)=>{a=e,o=t});s.catch(p);let l=()=>i!==`pending`,u=t=>{if(!l()){let n=new R(t);_(n),e.onCancel?.(n)}},d=()=>{t=!0},f=()=>{t=!1},m=()=>c.isFocused()&&(e.networkMode===`always`||I.isOnline())&&e.canRun(),h=()=>L(e.networkMode)&&e.canRun(),g=e=>{l()||(r?.(),i=`resolved`,a(e))},_=e=>{l()||(r?.(),i=`rejected`,o(e))},v=t=>new Promise(n=>{r=e=>{(l()||t())&&n(e)},e.onPause?.()}).then(()=>{r=void 0,l()||e.onContinue?.()}),y=()=>{if(l())return;let r,i=n===0?e.initialPromise:void 0;try{r=i??e.fn()}catch(e){r=Promise.reject(e)}Promise.resolve(r).then(g).catch(r=>{if(l())return;let i=e.retry??(j()?0:3),a=e.retryDelay??pe,o=typeof a==`function`?a(n,r):a,s=i===!0||typeof i==`number`&&n<i||typeof i==`function`&&i(n,r);t||!s?_(r):(n++,e.onFail?.(n,r),re(o).then(()=>l()||m()?void 0:v(m)).then(()=>{t?_(r):y()}))})};return{promise:s,status:()=>i,cancel:u,continue:()=>(r?.(),s),cancelRetry:d,continueRetry:f,canStart:h,start:()=>(h()?y():v(h).then(y),s)}}var me=class extends F{#e;#t;#n;#r;#i;#a;#o;#s;#c;constructor(e){super(),this.#c=!1,this.#s=e.defaultOptions,this.setOptions(e.options),this.observers=[],this.#i=e.client,this.#r=this.#i.getQueryCache(),this.queryKey=e.queryKey,this.queryHash=e.queryHash,this.#t=H(this.options),this.state=e.state??this.#t,this.scheduleGc()}get meta(){return this.options.meta}get queryType(){return this.#e}get promise(){return this.#a?.promise}setOptions(e){if(this.options={...this.#s,...e},e?._type&&(this.#e=e._type),this.updateGcTime(this.options.gcTime),this.state&&this.state.data===void 0){let e=H(this.options);e.data!==void 0&&(this.setState(V(e.data,e.dataUpdatedAt)),this.#t=e)}}optionalRemove(){!this.observers.length&&this.state.fetchStatus===`idle`&&this.#r.remove(this)}setData(e,t){let n=E(this.state.data,e,this.options);return this.#u({data:n,type:`success`,dataUpdatedAt:t?.updatedAt,manual:t?.manual}),n}setState(e){this.#u({type:`setState`,state:e})}cancel(e){let t=this.#a?.promise;return this.#a?.cancel(e),t?t.then(p).catch(p):Promise.resolve()}destroy(){this.cancel({silent:!0}),super.destroy()}get resetState(){return this.#t}reset(){this.destroy(),this.setState(this.resetState)}isActive(){return this.observers.some(e=>_(e.options.enabled,this)!==!1)}isDisabled(){return this.getObserversCount()>0?!this.isActive():this.options.queryFn===O||!this.isFetched()}isFetched(){return this.state.dataUpdateCount+this.state.errorUpdateCount>0}isStatic(){return this.state.data!==void 0&&this.getObserversCount()>0&&this.observers.some(e=>_(e.options.staleTime,this)===`static`)}isStale(){return this.getObserversCount()>0?this.observers.some(e=>e.getCurrentResult().isStale):this.state.data===void 0||this.state.isInvalidated}isStaleByTime(e=0){return this.state.data===void 0?!0:e===`static`?!1:this.state.isInvalidated?!0:!g(this.state.dataUpdatedAt,e)}onFocus(){this.observers.find(e=>e.shouldFetchOnWindowFocus())?.refetch({cancelRefetch:!1}),this.#a?.continue()}onOnline(){this.observers.find(e=>e.shouldFetchOnReconnect())?.refetch({cancelRefetch:!1}),this.#a?.continue()}addObserver(e){this.observers.includes(e)||(this.observers.push(e),this.clearGcTimeout(),this.#r.notify({type:`observerAdded`,query:this,observer:e}))}removeObserver(e){let t=this.observers.indexOf(e);t!==-1&&(this.observers.splice(t,1),this.observers.length||(this.#a&&(this.#c||this.state.fetchStatus===`paused`&&this.state.status===`pending`?this.#a.cancel({revert:!0}):this.#a.cancelRetry()),this.#l()),this.#r.notify({type:`observerRemoved`,query:this,observer:e}))}getObserversCount(){return this.observers.length}invalidate(){this.state.isInvalidated||this.#u({type:`invalidate`})}async fetch(e,t){if(this.state.fetchStatus!==`idle`&&this.#a?.status()!==`rejected`){if(this.state.data!==void 0&&t?.cancelRefetch)this.cancel({silent:!0});else if(this.#a&&this.#o)return this.#a.continueRetry(),this.#o}if(e&&this.setOptions(e),!this.options.queryFn){let e=this.observers.find(e=>e.options.queryFn);e&&this.setOptions(e.options)}let n=new AbortController,r=e=>{Object.defineProperties(e,{[A]:{value:n.signal,enumerable:!0},signal:{enumerable:!0,get:()=>(this.#c=!0,n.signal)}})},i=()=>{let e=k(this.options,t),n=(()=>{let e={client:this.#i,queryKey:this.queryKey,meta:this.meta};return r(e),e})();return this.#c=!1,this.options.persister?this.options.persister(e,n,this):e(n)},a=(()=>{let e={fetchOptions:t,options:this.options,queryKey:this.queryKey,client:this.#i,state:this.state,fetchFn:i};return r(e),e})();(this.#e===`infinite`?ce(this.options.pages):this.options.behavior)?.onFetch(a,this),this.#n=this.state,(this.state.fetchStatus===`idle`||this.state.fetchMeta!==a.fetchOptions?.meta)&&this.#u({type:`fetch`,meta:a.fetchOptions?.meta});let o=this.#a=z({initialPromise:t?.initialPromise,fn:a.fetchFn,onCancel:e=>{e instanceof R&&e.revert&&this.setState({...this.#n,fetchStatus:`idle`}),n.abort()},onFail:(e,t)=>{this.#u({type:`failed`,failureCount:e,error:t})},onPause:()=>{this.#u({type:`pause`})},onContinue:()=>{this.#u({type:`continue`})},retry:a.options.retry,retryDelay:a.options.retryDelay,networkMode:a.options.networkMode,canRun:()=>!0}),s=(async()=>{try{let e=await o.promise;if(e===void 0)throw Error(`${this.queryHash} data is undefined`);return this.setData(e),this.#r.config.onSuccess?.(e,this),this.#r.config.onSettled?.(e,this.state.error,this),e}catch(e){if(e instanceof R){if(e.silent){if(this.#a!==o&&this.#o)return this.#o;throw e}if(e.revert){if(this.state.data===void 0)throw e;return this.state.data}}throw this.#u({type:`error`,error:e}),this.#r.config.onError?.(e,this),this.#r.config.onSettled?.(this.state.data,e,this),e}finally{this.#a===o&&(this.#a=void 0,this.#o=void 0),this.#l()}})();return this.#o=s,o.start(),s}#l(){this.#r.get(this.queryHash)===this&&this.scheduleGc()}#u(e){let t=t=>{switch(e.type){case`failed`:return{...t,fetchFailureCount:e.failureCount,fetchFailureReason:e.error};case`pause`:return{...t,fetchStatus:`paused`};case`continue`:return{...t,fetchStatus:`fetching`};case`fetch`:return{...t,...B(t.data,this.options),fetchMeta:e.meta??null};case`success`:{let n={...t,...V(e.data,e.dataUpdatedAt),dataUpdateCount:t.dataUpdateCount+1,...!e.manual&&{fetchStatus:`idle`,fetchFailureCount:0,fetchFailureReason:null}};return this.#n=e.manual?n:void 0,n}case`error`:{let n=e.error;return{...t,error:n,errorUpdateCount:t.errorUpdateCount+1,errorUpdatedAt:Date.now(),fetchFailureCount:t.fetchFailureCount+1,fetchFailureReason:n,fetchStatus:`idle`,status:`error`,isInvalidated:!0}}case`invalidate`:return{...t,isInvalidated:!0};case`setState`:return{...t,...e.state}}};this.state=t(this.state),P.batch(()=>{this.observers.slice().forEach(e=>{e.onQueryUpdate()}),this.#r.notify({query:this,type:`updated`,action:e})})}};function B(e,t){return{fetchFailureCount:0,fetchFailureReason:null,fetchStatus:L(t.networkMode)?`fetching`:`paused`,...e===void 0&&{error:null,status:`pending`}}}function V(e,t){return{data:e,dataUpdatedAt:t??Date.now(),error:null,isInvalidated:!1,status:`success`}}function H(e){let t=typeof e.initialData==`function`?e.initialData():e.initialData,n=t!==void 0,r=n?typeof e.initialDataUpdatedAt==`function`?e.initialDataUpdatedAt():e.initialDataUpdatedAt:0;return{data:t,dataUpdateCount:0,dataUpdatedAt:n?r??Date.now():0,error:null,errorUpdateCount:0,errorUpdatedAt:0,fetchFailureCount:0,fetchFailureReason:null,fetchMeta:null,isInvalidated:!1,status:n?`success`:`pending`,fetchStatus:`idle`}}var he=class extends F{#e;#t;#n;#r;constructor(e){super(),this.#e=e.client,this.mutationId=e.mutationId,this.#n=e.mutationCache,this.#t=[],this.state=e.state||U(),this.setOptions(e.options),this.scheduleGc()}setOptions(e){this.options=e,this.updateGcTime(this.options.gcTime)}get meta(){return this.options.meta}addObserver(e){this.#t.includes(e)||(this.#t.push(e),this.clearGcTimeout(),this.#n.notify({type:`observerAdded`,mutation:this,observer:e}))}removeObserver(e){this.#t=this.#t.filter(t=>t!==e),this.#n.has(this)&&this.scheduleGc(),this.#n.notify({type:`observerRemoved`,mutation:this,observer:e})}optionalRemove(){this.#t.length||(this.state.status===`pending`?this.scheduleGc():this.#n.remove(this))}continue(){return this.#r?.continue()??(this.state.status===`pending`?this.execute(this.state.variables):Promise.resolve())}async execute(e){let t=()=>{this.#i({type:`continue`})},n={client:this.#e,meta:this.options.meta,mutationKey:this.options.mutationKey},r=this.#r=z({fn:()=>this.options.mutationFn?this.options.mutationFn(e,n):Promise.reject(Error(`No mutationFn found`)),onFail:(e,t)=>{this.#i({type:`failed`,failureCount:e,error:t})},onPause:()=>{this.#i({type:`pause`})},onContinue:t,retry:this.options.retry??0,retryDelay:this.options.retryDelay,networkMode:this.options.networkMode,canRun:()=>this.#n.canRun(this)}),i=this.state.status===`pending`,a=!r.canStart();try{if(i)t();else{this.#i({type:`pending`,variables:e,isPaused:a}),this.#n.config.onMutate&&await this.#n.config.onMutate(e,this,n);let t=await this.options.onMutate?.(e,n);t!==this.state.context&&this.#i({type:`pending`,context:t,variables:e,isPaused:a})}this.state.isPaused&&r.canStart()&&t();let o=await r.start();return await this.#n.config.onSuccess?.(o,e,this.state.context,this,n),await this.options.onSuccess?.(o,e,this.state.context,n),await this.#n.config.onSettled?.(o,null,this.state.variables,this.state.context,this,n),await this.options.onSettled?.(o,null,e,this.state.context,n),this.#i({type:`success`,data:o}),o}catch(t){try{await this.#n.config.onError?.(t,e,this.state.context,this,n)}catch(e){Promise.reject(e)}try{await this.options.onError?.(t,e,this.state.context,n)}catch(e){Promise.reject(e)}try{await this.#n.config.onSettled?.(void 0,t,this.state.variables,this.state.context,this,n)}catch(e){Promise.reject(e)}try{await this.options.onSettled?.(void 0,t,e,this.state.context,n)}catch(e){Promise.reject(e)}throw this.#i({type:`error`,error:t}),t}finally{this.#r===r&&(this.#r=void 0),this.#n.runNext(this)}}#i(e){let t=t=>{switch(e.type){case`failed`:return{...t,failureCount:e.failureCount,failureReason:e.error};case`pause`:return{...t,isPaused:!0};case`continue`:return{...t,isPaused:!1};case`pending`:return{...t,context:e.context,data:void 0,failureCount:0,failureReason:null,error:null,isPaused:e.isPaused,status:`pending`,variables:e.variables,submittedAt:Date.now()};case`success`:return{...t,data:e.data,failureCount:0,failureReason:null,error:null,status:`success`,isPaused:!1};case`error`:return{...t,data:void 0,error:e.error,failureCount:t.failureCount+1,failureReason:e.error,isPaused:!1,status:`error`}}};this.state=t(this.state),P.batch(()=>{this.#t.forEach(t=>{t.onMutationUpdate(e)}),this.#n.notify({mutation:this,type:`updated`,action:e})})}};function U(){return{context:void 0,data:void 0,error:null,failureCount:0,failureReason:null,isPaused:!1,status:`idle`,variables:void 0,submittedAt:0}}var ge=class extends s{#e;#t;#n;constructor(e={}){super(),this.config=e,this.#e=new Set,this.#t=new Map,this.#n=0}build(e,t,n){let r=new he({client:e,mutationCache:this,mutationId:++this.#n,options:e.defaultMutationOptions(t),state:n});return this.add(r),r}add(e){this.#e.add(e);let t=W(e);if(typeof t==`string`){let n=this.#t.get(t);n?n.push(e):this.#t.set(t,[e])}this.notify({type:`added`,mutation:e})}remove(e){if(this.#e.delete(e)){e.destroy();let t=W(e);if(typeof t==`string`){let n=this.#t.get(t);if(n){if(n.length>1){let t=n.indexOf(e);t!==-1&&n.splice(t,1)}else n[0]===e&&this.#t.delete(t)}}}this.notify({type:`removed`,mutation:e})}has(e){return this.#e.has(e)}canRun(e){let t=W(e);if(typeof t==`string`){let n=this.#t.get(t)?.find(e=>e.state.status===`pending`);return!n||n===e}return!0}runNext(e){let t=W(e);return typeof t==`string`?(this.#t.get(t)?.find(t=>t!==e&&t.state.isPaused))?.continue()??Promise.resolve():Promise.resolve()}clear(){P.batch(()=>{let e=this.getAll();this.#e.clear(),this.#t.clear(),e.forEach(e=>e.destroy()),e.forEach(e=>{this.notify({type:`removed`,mutation:e})})})}getAll(){return Array.from(this.#e)}find(e){let t={exact:!0,...e};return this.getAll().find(e=>y(t,e))}findAll(e={}){return this.getAll().filter(t=>y(e,t))}notify(e){P.batch(()=>{this.listeners.forEach(t=>{t(e)})})}resumePausedMutations(){let e=this.getAll().filter(e=>e.state.isPaused);return P.batch(()=>Promise.all(e.map(e=>e.continue().catch(p))))}};function W(e){return e.options.scope?.id}var G=class extends s{#e;constructor(e={}){super(),this.config=e,this.#e=new Map}build(e,t,n){let r=t.queryKey,i=t.queryHash??b(r,t),a=this.get(i);return a||(a=new me({client:e,queryKey:r,queryHash:i,options:e.defaultQueryOptions(t),state:n,defaultOptions:e.getQueryDefaults(r)}),this.add(a)),a}add(e){this.#e.has(e.queryHash)||(this.#e.set(e.queryHash,e),this.notify({type:`added`,query:e}))}remove(e){this.#e.get(e.queryHash)===e&&(e.destroy(),this.#e.delete(e.queryHash),this.notify({type:`removed`,query:e}))}clear(){P.batch(()=>{this.getAll().forEach(e=>{this.remove(e)})})}get(e){return this.#e.get(e)}getAll(){return[...this.#e.values()]}find(e){let t={exact:!0,...e};return this.getAll().find(e=>v(t,e))}findAll(e={}){let t=this.getAll();return Object.keys(e).length>0?t.filter(t=>v(e,t)):t}notify(e){P.batch(()=>{this.listeners.forEach(t=>{t(e)})})}onFocus(){P.batch(()=>{this.getAll().forEach(e=>{e.onFocus()})})}onOnline(){P.batch(()=>{this.getAll().forEach(e=>{e.onOnline()})})}},_e=class{#e;#t;#n;#r;#i;#a;#o;#s;constructor(e={}){this.#e=e.queryCache||new G,this.#t=e.mutationCache||new ge,this.#n=e.defaultOptions||{},this.#r=new Map,this.#i=new Map,this.#a=0}mount(){this.#a++,this.#a===1&&(this.#o=c.subscribe(async e=>{e&&(await this.resumePausedMutations(),this.#e.onFocus())}),this.#s=I.subscribe(async e=>{e&&(await this.resumePausedMutations(),this.#e.onOnline())}))}unmount(){this.#a--,this.#a===0&&(this.#o?.(),this.#o=void 0,this.#s?.(),this.#s=void 0)}isFetching(e){return this.#e.findAll({...e,fetchStatus:`fetching`}).length}isMutating(e){return this.#t.findAll({...e,status:`pending`}).length}getQueryData(e){let t=this.defaultQueryOptions({queryKey:e});return this.#e.get(t.queryHash)?.state.data}ensureQueryData(e){let t=this.defaultQueryOptions(e),n=this.#e.build(this,t),r=n.state.data;return r===void 0?this.fetchQuery(e):(e.revalidateIfStale&&n.isStaleByTime(_(t.staleTime,n))&&this.prefetchQuery(t),Promise.resolve(r))}getQueriesData(e){return this.#e.findAll(e).map(({queryKey:e,state:t})=>[e,t.data])}setQueryData(e,t,n){let r=this.defaultQueryOptions({queryKey:e}),i=this.#e.get(r.queryHash)?.state.data,a=m(t,i);if(a!==void 0)return this.#e.build(this,r).setData(a,{...n,manual:!0})}setQueriesData(e,t,n){return P.batch(()=>this.#e.findAll(e).map(({queryKey:e})=>[e,this.setQueryData(e,t,n)]))}getQueryState(e){let t=this.defaultQueryOptions({queryKey:e});return this.#e.get(t.queryHash)?.state}removeQueries(e){let t=this.#e;P.batch(()=>{t.findAll(e).forEach(e=>{t.remove(e)})})}resetQueries(e,t){let n=this.#e;return P.batch(()=>{let r=n.findAll(e),i=new Set(r);return r.forEach(e=>{e.reset()}),this.refetchQueries({type:`active`,predicate:e=>i.has(e)},t)})}cancelQueries(e,t={}){let n={revert:!0,...t},r=P.batch(()=>this.#e.findAll(e).map(e=>e.cancel(n)));return Promise.all(r).then(p).catch(p)}invalidateQueries(e,t={}){return P.batch(()=>(this.#e.findAll(e).forEach(e=>{e.invalidate()}),e?.refetchType===`none`?Promise.resolve():this.refetchQueries({...e,type:e?.refetchType??e?.type??`active`},t)))}refetchQueries(e,t={}){let n={...t,cancelRefetch:t.cancelRefetch??!0},r=P.batch(()=>this.#e.findAll(e).filter(e=>!e.isDisabled()&&!e.isStatic()).map(e=>{let t=e.fetch(void 0,n),r=e.state.fetchStatus===`paused`;return(!n.throwOnError||r)&&(t=t.catch(p)),r?Promise.resolve():t}));return Promise.all(r).then(p)}async query(e){let t=this.defaultQueryOptions(e);t.retry===void 0&&(t.retry=!1);let n=this.#e.build(this,t),r=n.isStaleByTime(_(t.staleTime,n))?await n.fetch(t):n.state.data,i=t.select;return i?i(r):r}fetchQuery(e){let t=this.defaultQueryOptions(e);t.retry===void 0&&(t.retry=!1);let n=this.#e.build(this,t);return n.isStaleByTime(_(t.staleTime,n))?n.fetch(t):Promise.resolve(n.state.data)}prefetchQuery(e){return this.fetchQuery(e).then(p).catch(p)}infiniteQuery(e){return e._type=`infinite`,this.query(e)}fetchInfiniteQuery(e){return e._type=`infinite`,this.fetchQuery(e)}prefetchInfiniteQuery(e){return this.fetchInfiniteQuery(e).then(p).catch(p)}ensureInfiniteQueryData(e){return e._type=`infinite`,this.ensureQueryData(e)}resumePausedMutations(){return I.isOnline()?this.#t.resumePausedMutations():Promise.resolve()}getQueryCache(){return this.#e}getMutationCache(){return this.#t}getDefaultOptions(){return this.#n}setDefaultOptions(e){this.#n=e}setQueryDefaults(e,t){this.#r.set(x(e),{queryKey:e,defaultOptions:t})}getQueryDefaults(e){let t=[...this.#r.values()],n={};return t.forEach(t=>{S(e,t.queryKey)&&Object.assign(n,t.defaultOptions)}),n}setMutationDefaults(e,t){this.#i.set(x(e),{mutationKey:e,defaultOptions:t})}getMutationDefaults(e){let t=[...this.#i.values()],n={};return t.forEach(t=>{S(e,t.mutationKey)&&Object.assign(n,t.defaultOptions)}),n}defaultQueryOptions(e){if(e._defaulted)return e;let t={...this.#n.queries,...this.getQueryDefaults(e.queryKey),...e,_defaulted:!0};return t.queryHash||=b(t.queryKey,t),t.refetchOnReconnect===void 0&&(t.refetchOnReconnect=t.networkMode!==`always`),t.throwOnError===void 0&&(t.throwOnError=!!t.suspense),!t.networkMode&&t.persister&&(t.networkMode=`offlineFirst`),t.queryFn===O&&(t.enabled=!1),t}defaultMutationOptions(e){return e?._defaulted?e:{...this.#n.mutations,...e?.mutationKey&&this.getMutationDefaults(e.mutationKey),...e,_defaulted:!0}}clear(){this.#e.clear(),this.#t.clear()}},ve=e(t(),1),ye=3e4,K=new _e({queryCache:new G({onError:(e,{queryKey:t})=>be(e,t[0])}),defaultOptions:{queries:{staleTime:1e4,refetchOnWindowFocus:!1,networkMode:`always`,retry:(e,t)=>e<3&&t instanceof r&&t.isRetryable&&(t.retryAfterMs??0)<=ye,retryDelay:(e,t)=>(t instanceof r?t.retryAfterMs:void 0)??500*2**e}}});function be(e,t){e instanceof r&&e.code===`UNAUTHENTICATED`&&t!==`viewer`&&K.invalidateQueries({queryKey:[`viewer`],predicate:({state:e})=>e.status===`success`})}a(()=>K.clear());var xe=2e3,q=new Set,J=!0;function Y(){return(0,ve.useSyncExternalStore)(e=>(q.add(e),()=>q.delete(e)),()=>J)}function Se(){K.getQueryCache().subscribe(({type:e,query:t})=>{if(e!==`updated`)return;let n=t.state.error??t.state.fetchFailureReason;n instanceof r&&n.code===`OFFLINE`&&X()}),addEventListener(`offline`,X)}function X(){J&&(Z(!1),Ce())}async function Ce(){for(;!J;)await new Promise(e=>setTimeout(e,xe)),await i()&&Z(!0);await K.invalidateQueries({predicate:({state:e})=>e.status===`error`||e.fetchFailureCount>0})}function Z(e){J=e;for(let e of q)e()}var Q=class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}},we={"\n  query Newest {\n    logsConnection(order: TIME_DESC, first: 1) {\n      nodes {\n        time\n      }\n    }\n  }\n":new Q(`
    query Newest {
  logsConnection(order: TIME_DESC, first: 1) {
    nodes {
      time
    }
  }
}
    `),"\n  query AllTypes {\n    logTypes {\n      types {\n        type\n        count\n      }\n    }\n  }\n":new Q(`
    query AllTypes {
  logTypes {
    types {
      type
      count
    }
  }
}
    `),"\n  query Viewer {\n    viewer {\n      name\n      scopes\n      userId\n      expiresAt\n    }\n  }\n":new Q(`
    query Viewer {
  viewer {
    name
    scopes
    userId
    expiresAt
  }
}
    `),"\n  query TypeCounts($filter: LogFilter) {\n    logTypes(filter: $filter, first: 1000) {\n      types {\n        type\n        count\n      }\n      otherTypeCount\n    }\n  }\n":new Q(`
    query TypeCounts($filter: LogFilter) {
  logTypes(filter: $filter, first: 1000) {
    types {
      type
      count
    }
    otherTypeCount
  }
}
    `),"\n  query EntryExtent($filter: LogFilter) {\n    oldest: logsConnection(filter: $filter, order: TIME_ASC, first: 1) {\n      nodes {\n        time\n      }\n    }\n    newest: logsConnection(filter: $filter, order: TIME_DESC, first: 1) {\n      nodes {\n        time\n      }\n    }\n  }\n":new Q(`
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
    `),"\n  query EntryHistogram(\n    $filter: LogFilter\n    $interval: HistogramInterval!\n    $timeZone: String\n    $later: LogFilter\n    $countLater: Boolean!\n  ) {\n    logHistogram(filter: $filter, interval: $interval, timeZone: $timeZone, groupBy: TYPE, topGroups: 8) {\n      buckets {\n        start\n        end\n        partial\n        count\n        groups {\n          key\n          count\n        }\n        otherCount\n      }\n      outsideCount\n    }\n    later: logsConnection(filter: $later, first: 1) @include(if: $countLater) {\n      totalCount {\n        value\n        exact\n      }\n    }\n  }\n":new Q(`
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
    `),"\n  mutation RecordSample($input: RecordSessionInput!) {\n    recordSession(input: $input) {\n      recordedCount\n    }\n  }\n":new Q(`
    mutation RecordSample($input: RecordSessionInput!) {
  recordSession(input: $input) {
    recordedCount
  }
}
    `),"\n  subscription LiveEntries($filter: LogFilter, $after: String) {\n    logRecorded(filter: $filter, after: $after) {\n      entries {\n        id\n        time\n        type\n        properties\n        userId\n        sessionId\n        receivedAt\n      }\n      erasures {\n        userId\n        sessionId\n        erasedAt\n      }\n      cursor\n      hasMore\n    }\n  }\n":new Q(`
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
    `),"\n  query EarlierEntries($filter: LogFilter) {\n    logsConnection(filter: $filter, order: TIME_DESC, first: 50) {\n      nodes {\n        id\n        time\n        type\n        properties\n        userId\n        sessionId\n        receivedAt\n      }\n    }\n  }\n":new Q(`
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
    `),"\n  query SessionSummary($userId: String!, $sessionId: String!) {\n    session(userId: $userId, sessionId: $sessionId) {\n      id\n      userId\n      sessionId\n      startedAt\n      endedAt\n      entryCount\n    }\n  }\n":new Q(`
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
    `),"\n  query SessionTypes($filter: LogFilter) {\n    logTypes(filter: $filter, first: 1000) {\n      types {\n        type\n        count\n      }\n      otherTypeCount\n      otherCount\n    }\n  }\n":new Q(`
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
    `),"\n  query StepPage($filter: LogFilter, $order: LogOrder, $first: Int, $after: String) {\n    logsConnection(filter: $filter, order: $order, first: $first, after: $after) {\n      nodes {\n        id\n        time\n        type\n        properties\n        userId\n        sessionId\n        receivedAt\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n":new Q(`
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
    `),"\n  mutation EraseSession($userId: String!, $sessionId: String!, $dryRun: Boolean!) {\n    deleteSession(userId: $userId, sessionId: $sessionId, dryRun: $dryRun) {\n      deletedCount\n    }\n  }\n":new Q(`
    mutation EraseSession($userId: String!, $sessionId: String!, $dryRun: Boolean!) {
  deleteSession(userId: $userId, sessionId: $sessionId, dryRun: $dryRun) {
    deletedCount
  }
}
    `),"\n  mutation EraseUser($userId: String!, $dryRun: Boolean!) {\n    deleteUserData(userId: $userId, dryRun: $dryRun) {\n      deletedCount\n    }\n  }\n":new Q(`
    mutation EraseUser($userId: String!, $dryRun: Boolean!) {
  deleteUserData(userId: $userId, dryRun: $dryRun) {
    deletedCount
  }
}
    `),"\n  query MarkPage($filter: LogFilter, $first: Int, $after: String) {\n    logsConnection(filter: $filter, first: $first, after: $after) {\n      nodes {\n        time\n        type\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n":new Q(`
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
    `),"\n  query MarkHistogram($filter: LogFilter, $interval: HistogramInterval!) {\n    logHistogram(filter: $filter, interval: $interval, groupBy: TYPE, topGroups: 100) {\n      buckets {\n        start\n        end\n        groups {\n          key\n          count\n        }\n        otherCount\n      }\n    }\n  }\n":new Q(`
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
    `),"\n  query SessionPage($filter: SessionFilter, $first: Int, $after: String) {\n    sessions(filter: $filter, first: $first, after: $after) {\n      nodes {\n        id\n        userId\n        sessionId\n        startedAt\n        endedAt\n        entryCount\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n":new Q(`
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
    `),"\n  query EntryTotal($filter: LogFilter, $upTo: Int) {\n    logsConnection(filter: $filter, first: 1) {\n      totalCount(upTo: $upTo) {\n        value\n        exact\n      }\n    }\n  }\n":new Q(`
    query EntryTotal($filter: LogFilter, $upTo: Int) {
  logsConnection(filter: $filter, first: 1) {
    totalCount(upTo: $upTo) {
      value
      exact
    }
  }
}
    `),"\n  query EntryPage($filter: LogFilter, $order: LogOrder, $first: Int, $after: String) {\n    logsConnection(filter: $filter, order: $order, first: $first, after: $after) {\n      nodes {\n        id\n        time\n        type\n        properties\n        userId\n        sessionId\n        receivedAt\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n":new Q(`
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
    `),"\n  query OldestTime($filter: LogFilter) {\n    logsConnection(filter: $filter, order: TIME_ASC, first: 1) {\n      nodes {\n        time\n      }\n    }\n  }\n":new Q(`
    query OldestTime($filter: LogFilter) {
  logsConnection(filter: $filter, order: TIME_ASC, first: 1) {
    nodes {
      time
    }
  }
}
    `),"\n  query EntryIds($filter: LogFilter, $after: String) {\n    logsConnection(filter: $filter, first: 1000, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n":new Q(`
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
    `)};function Te(e){return we[e]??{}}var $=n();function Ee({kind:e,children:t}){return(0,$.jsx)(`div`,{className:`notice ${e??``}`,role:e===`error`?`alert`:`status`,children:t})}function De({error:e,onRetry:t}){let n=e instanceof r&&e.code===`OFFLINE`,i=!Y()&&n,a=e instanceof Error?e.message:String(e);return(0,$.jsxs)(Ee,{...!i&&{kind:`error`},children:[(0,$.jsxs)(`p`,{children:[i?`No answer.`:a,` `,e instanceof r&&!n&&(0,$.jsx)(`code`,{children:e.code})]}),t&&(0,$.jsx)(o,{onPress:t,children:`Try again`})]})}export{c as C,u as S,E as _,Se as a,ae as b,B as c,ue as d,j as f,p as g,ie as h,Y as i,P as l,h as m,Ee as n,K as o,x as p,Te as r,U as s,De as t,le as u,_ as v,s as w,g as x,ne as y};