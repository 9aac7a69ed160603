-- Finds out which rights the user lacks, without touching what a shop holds.
--
-- KEYS 1 cart  2 meta  3 operation record  4 product, all of names that no id
--      can be  5 index
-- ARGV 1 channel of such a cart  2 channel of the catalogue  3 'cluster' where
--      the client follows redirections
--
-- Reply, two lists of "command on key or channel":
--   what is missing for carts
--   what is missing for new products
--
-- Since version 7 the server can be asked, and nothing is written. An older one
-- is tried: the keys are made and removed. The right to subscribe does not show
-- that way.
local cart, meta, op, product, index = unpack(KEYS)
local events, catalogue = ARGV[1], ARGV[2]
local ask = redis.acl_check_cmd

local carts = {
  {'get', op}, {'exists', op}, {'set', op, '0', 'PX', '1000'},
  {'hmget', meta, 'v'}, {'hset', meta, 'v', '0'},
  {'zscore', cart, 'x'}, {'zcard', cart}, {'zrange', cart, '0', '0'}, {'zadd', cart, '1', 'x'}, {'zrem', cart, 'x'},
  {'pttl', cart}, {'pexpire', cart, '1000'}, {'persist', cart},
  {'pttl', meta}, {'pexpire', meta, '1000'}, {'persist', meta},
  {'hmget', product, 'name'}, {'zrange', index, '0', '0'},
  {'unlink', cart}, {'unlink', meta},
  {'publish', events, ''}, {'time'},
}
-- These cannot be run from a script.
local session = {
  {'eval', '', '5', cart, meta, op, product, index}, {'evalsha', '', '5', cart, meta, op, product, index},
  {'subscribe', events}, {'subscribe', catalogue}, {'ping'},
}
if ARGV[3] == 'cluster' then session[#session + 1] = {'asking'} end
local products = {
  {'exists', product}, {'hset', product, 'name', ''},
  {'zscore', index, 'x'}, {'zadd', index, 'NX', '0', 'x'}, {'publish', catalogue, ''},
}

local function try(command)
  local answer = redis.pcall(unpack(command))
  local text = type(answer) == 'table' and answer.err or ''
  return not (string.find(text, 'NOPERM') or string.find(text, 'user executing the script'))
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

if not ask then return {missing(carts, try), {}} end
-- Asking about a command that the server does not have is an error.
local function allowed(command)
  local known, may = pcall(ask, unpack(command))
  return known and may
end
for _, command in ipairs(session) do carts[#carts + 1] = command end
return {missing(carts, allowed), missing(products, allowed)}
