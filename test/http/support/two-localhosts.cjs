// Gives localhost two addresses, as most machines do: 127.0.0.1 and, instead of ::1, 127.0.0.2.
const dns = require('node:dns');
const process = require('node:process');

const addresses = ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 }));
const { lookup } = dns;
dns.lookup = (host, options, callback) => {
  if (typeof options === 'function') return dns.lookup(host, {}, options);
  if (host !== 'localhost') return lookup(host, options, callback);
  if (options.all) return process.nextTick(callback, null, addresses);
  return process.nextTick(callback, null, '127.0.0.1', 4);
};
const { lookup: lookupPromise } = dns.promises;
dns.promises.lookup = async (host, options) =>
  host === 'localhost' ? addresses : lookupPromise(host, options);
