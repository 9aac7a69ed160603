-- Renews the timeout of a cart: no change, no version, no event.
--
-- KEYS 1 cart  2 meta
-- ARGV 1 timeout of the cart, ms; 0: never
--
-- Reply: OK
for _, key in ipairs(KEYS) do
  if ARGV[1] == '0' then redis.call('PERSIST', key) else redis.call('PEXPIRE', key, ARGV[1]) end
end
return {'OK'}
