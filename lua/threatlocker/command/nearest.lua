--- The known word that a mistyped one most likely stands for.

--- Edits that make one word of the other: letters put in, left out, changed, or swapped with their neighbour.
local function distance(one, other)
  local before, previous
  local row = {}
  for at = 0, #other do
    row[at] = at
  end
  for from = 1, #one do
    before, previous, row = previous, row, { [0] = from }
    for to = 1, #other do
      local same = one:byte(from) == other:byte(to)
      row[to] = math.min(previous[to] + 1, row[to - 1] + 1, previous[to - 1] + (same and 0 or 1))
      if before and to > 1 and one:byte(from) == other:byte(to - 1) and one:byte(from - 1) == other:byte(to) then
        row[to] = math.min(row[to], before[to - 2] + 1)
      end
    end
  end
  return row[#other]
end

--- Of the known words, or nil where none is near: up to a third of the word may be wrong.
return function(word, known)
  local best, least = nil, math.max(1, #word // 3) + 1
  for _, each in ipairs(known) do
    local edits = distance(word, each)
    if #word > 2 and #each > #word and each:sub(1, #word) == word then
      edits = math.min(edits, 1)
    end
    if edits < least then
      best, least = each, edits
    end
  end
  return best
end
