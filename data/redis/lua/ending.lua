-- How carts ended, for the scripts that tell of it; it stands behind cart.lua.
--
-- An ending is told as a list: id of the change that ended it, cart, how, at
-- (microseconds), counter, name, lines that are not in the list, then two for
-- each line: product, "quantity price added changed counter name".
local function told(e)
  local out = {e.id, e.cart, e.how, e.at, e.by, e.name, e.more}
  for i = 1, #e.lines, 2 do
    out[#out + 1] = sub(e.lines[i], 3)
    out[#out + 1] = cut(e.lines[i + 1], 1000)
  end
  return out
end

-- the ending that was put to the past under an id, or an empty list
local function ending(cart, id, limit)
  if (id or '') == '' or #id > 64 then return {} end
  local flat = try('HGETALL', tag .. 'past:' .. cart .. ':' .. id)
  if flat.err or #flat == 0 then return {} end
  local past, lines, more = fields(flat), {}, 0
  for field in pairs(past) do
    if sub(field, 1, 2) == 'l:' then
      if #lines / 2 < limit and #field <= 258 then
        lines[#lines + 1], lines[#lines + 2] = field, past[field]
      else
        more = more + 1
      end
    end
  end
  return told({id = id, cart = cart, how = cut(past.how, 20), at = digits(int(past.at, 0, most) or 0),
    by = cut(past.by, 300), name = cut(past.name, 300), more = more + (int(past.more, 0, most) or 0), lines = lines})
end
