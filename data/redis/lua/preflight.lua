-- Finds out which rights the user lacks, without touching what a shop holds.
--
-- KEYS 1 cart  2 meta  3 operation record  4 product  5 past cart, all of names
--      that no id can be  6 index of the products  7 of the carts  8 of who is
--      here  9 of past carts  10 of orders
-- ARGV 1 channel of such a cart  2 channel of the catalogue  3 'cluster' where
--      the client follows redirections
--
-- Reply, three lists of "command on key or channel":
--   what is missing for carts
--   what is missing for new products
--   what is missing for counting down the stock
--
-- Since version 7 the server can be asked, and nothing is written. An older one
-- is tried: the keys are made and removed. The rights to subscribe and to announce
-- products do not show that way: every counter would hear of it.
local cart, meta, op, product, past, index, carts, here, pasts, orders = unpack(KEYS)
local events, catalogue = ARGV[1], ARGV[2]
local ask = redis.acl_check_cmd

local month = '2592000000' -- ms; these indexes hold what a shop knows
local needed = {
  {'get', op}, {'exists', op}, {'set', op, '0', 'PX', '1000'},
  {'hmget', meta, 'v'}, {'hset', meta, 'v', '0'},
  {'zscore', cart, 'x'}, {'zcard', cart}, {'zrange', cart, '0', '0'}, {'zadd', cart, '1', 'x'}, {'zrem', cart, 'x'},
  {'pttl', cart}, {'pexpire', cart, '1000'}, {'persist', cart},
  {'pttl', meta}, {'pexpire', meta, '1000'}, {'persist', meta},
  {'hmget', product, 'name'}, {'zrange', index, '0', '0'},
  {'hgetall', meta}, {'hdel', meta, 'v'}, {'unlink', cart}, {'unlink', meta},
  {'hset', past, 'how', ''}, {'hgetall', past}, {'pexpire', past, '1000'},
  {'zscore', carts, '~probe'}, {'zrange', carts, '0', '0'}, {'zadd', carts, '0', '~probe'}, {'zrem', carts, '~probe'},
  {'zrange', here, '0', '0'}, {'zadd', here, '0', '~probe'}, {'zrem', here, '~probe'},
  {'zremrangebyscore', here, '-inf', '0'}, {'pexpire', here, '60000'},
  {'publish', events, ''}, {'time'},
}
for _, ended in ipairs({pasts, orders}) do
  needed[#needed + 1] = {'zadd', ended, '0', '~probe'}
  needed[#needed + 1] = {'zrevrangebyscore', ended, '0', '0'}
  needed[#needed + 1] = {'zremrangebyscore', ended, '-inf', '0'}
  needed[#needed + 1] = {'pexpire', ended, month}
end
-- These cannot be run from a script.
local session = {
  {'eval', '', '10', unpack(KEYS)}, {'evalsha', '', '10', unpack(KEYS)},
  {'subscribe', events}, {'subscribe', catalogue}, {'ping'},
}
if ARGV[3] == 'cluster' then session[#session + 1] = {'asking'} end
local products = {
  {'exists', product}, {'hset', product, 'name', ''},
  {'zscore', index, 'x'}, {'zadd', index, 'NX', '0', 'x'}, {'publish', catalogue, ''},
}
local stock = {{'hincrby', product, 'stock', '-1'}}

local function try(command)
  local answer = redis.pcall(unpack(command))
  local text = type(answer) == 'table' and answer.err or ''
  return not (string.find(text, 'NOPERM') or string.find(text, 'user executing the script') or string.find(text, 'ACL failure'))
end

local function on(command)
  local place = command[2]
  if command[1] == 'eval' or command[1] == 'evalsha' then place = command[4] end
  return place and command[1] .. ' on ' .. place or command[1]
end

local function missing(commands, allowed)
  local list = {}
  for _, command in ipairs(commands) do
    if not allowed(command) then list[#list + 1] = on(command) end
  end
  return list
end

if not ask then return {missing(needed, try), {}, {}} end
-- Asking about a command that the server does not have is an error.
local function allowed(command)
  local known, may = pcall(ask, unpack(command))
  return known and may
end
needed[#needed + 1] = {'publish', catalogue, ''}
for _, command in ipairs(session) do needed[#needed + 1] = command end
return {missing(needed, allowed), missing(products, allowed), missing(stock, allowed)}
