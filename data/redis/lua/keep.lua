-- Renews the timeout of a cart: no change, no version, no event.
--
-- KEYS 1 cart  2 meta
-- ARGV 1 timeout of the cart, ms; 0: never
--
-- Reply: OK
local renew = {}
for i, key in ipairs(KEYS) do
  renew[i] = ARGV[1] == '0' and {'persist', key} or {'pexpire', key, ARGV[1]}
end

-- Both keys or none: a right that is missing must show before the first write.
-- Servers before version 7 cannot be asked.
local ask = redis.acl_check_cmd or function() return true end
for _, command in ipairs(renew) do
  if not ask(unpack(command)) then
    return {err = "NOPERM this user has no permissions to run the '" .. command[1] .. "' command"}
  end
end

for _, command in ipairs(renew) do redis.call(unpack(command)) end
return {'OK'}
