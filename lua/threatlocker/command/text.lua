--- Text for terminals: cleaned of what could steer them, wrapped, in tables.
local core = require "threatlocker.core"

local text = {}

local gap <const> = "  "
local guid <const> = ("%x"):rep(8) .. ("%-" .. ("%x"):rep(4)):rep(3) .. "%-" .. ("%x"):rep(12)

-- Left-to-right marks and their like: they could make a line read otherwise than it is.
local function is_bidi(code)
  return code == 0x61C or code == 0x200E or code == 0x200F or code >= 0x202A and code <= 0x202E
    or code >= 0x2066 and code <= 0x2069
end

--- One line of UTF-8 without control characters, whatever a server sent.
function text.clean(value)
  local raw = tostring(value)
  if not utf8.len(raw) then
    raw = raw:gsub("[\x80-\xFF]", "?")
  end
  local parts = {}
  for _, code in utf8.codes(raw) do
    local is_control = code < 0x20 or code >= 0x7F and code < 0xA0 or code == 0x2028 or code == 0x2029
    parts[#parts + 1] = is_control and " " or is_bidi(code) and "?" or utf8.char(code)
  end
  return table.concat(parts)
end

--- Columns of the terminal on standard output; nil where it is none and COLUMNS does not say.
function text.width()
  local columns = math.tointeger(tonumber(os.getenv "COLUMNS" or ""))
  return columns and columns > 0 and columns or core.terminal_width()
end

local function length(line)
  return utf8.len(line) or #line
end

-- A word that is longer than a line, in pieces; one with a GUID stays whole.
local function pieces(word, width)
  if length(word) <= width or word:find(guid) then
    return { word }
  end
  local list, from = {}, 1
  while from <= #word do
    local to = (utf8.offset(word, width + 1, from) or #word + 1) - 1
    list[#list + 1] = word:sub(from, to)
    from = to + 1
  end
  return list
end

--- Breaks a text into lines of that width.
function text.wrap(long, width)
  local lines, line = {}, ""
  for word in long:gmatch "%S+" do
    for _, piece in ipairs(pieces(word, width)) do
      if line ~= "" and length(line) + 1 + length(piece) > width then
        lines[#lines + 1], line = line, piece
      else
        line = line == "" and piece or line .. " " .. piece
      end
    end
  end
  lines[#lines + 1] = line
  return lines
end

-- What each column needs, its title included.
local function natural_widths(columns, rows)
  local widths = {}
  for at, column in ipairs(columns) do
    widths[at] = length(column.title)
    for _, row in ipairs(rows) do
      widths[at] = math.max(widths[at], length(row[at]))
    end
  end
  return widths
end

-- Narrows the widest of the columns that may wrap until all fit, or until they are as narrow as they may be.
local function fit(widths, columns, width)
  local total = #gap * (#columns - 1)
  for _, each in ipairs(widths) do
    total = total + each
  end
  while total > width do
    local widest
    for at, column in ipairs(columns) do
      if column.wraps and widths[at] > column.wraps and (not widest or widths[at] > widths[widest]) then
        widest = at
      end
    end
    if not widest then
      return
    end
    widths[widest] = widths[widest] - 1
    total = total - 1
  end
end

-- One row: as many lines as its longest cell has.
local function add_row(lines, row, widths)
  local cells, height = {}, 1
  for at, cell in ipairs(row) do
    cells[at] = text.wrap(cell, widths[at])
    height = math.max(height, #cells[at])
  end
  for number = 1, height do
    local parts = {}
    for at, cell in ipairs(cells) do
      local part = cell[number] or ""
      parts[at] = part .. (" "):rep(widths[at] - length(part))
    end
    lines[#lines + 1] = (table.concat(parts, gap):gsub(" +$", ""))
  end
end

--- An aligned table. A column is { title, wraps = the least width that it may be wrapped to, nil = never }. What stands
--- in row.below, a list of texts, comes below the row. Without a width nothing is wrapped.
function text.table(columns, rows, width)
  local widths, lines, titles = natural_widths(columns, rows), {}, {}
  if width then
    fit(widths, columns, width)
  end
  for at, column in ipairs(columns) do
    titles[at] = column.title
  end
  add_row(lines, titles, widths)
  for _, row in ipairs(rows) do
    add_row(lines, row, widths)
    for _, below in ipairs(row.below or {}) do
      for _, line in ipairs(text.wrap(below, math.max((width or math.huge) - #gap, 1))) do
        lines[#lines + 1] = gap .. line
      end
    end
  end
  return table.concat(lines, "\n") .. "\n"
end

return text
