--- Text for terminals: cleaned of what could steer them, measured, wrapped.
local core = require "threatlocker.core"

local text = {}

--- The value; nil for none, for JSON null (a value where --json asked for it) and for an empty text.
function text.given(value)
  return value ~= core.null and value ~= "" and value or nil
end

--- A pattern.
text.guid = ("%x"):rep(8) .. ("%-" .. ("%x"):rep(4)):rep(3) .. "%-" .. ("%x"):rep(12)

--- One line of UTF-8 without characters that steer or hide, whatever a server sent.
function text.clean(value)
  return core.clean_text((tostring(value):gsub("%c", " ")))
end

--- "2026-06-23 14:05:12Z" of the API's time.
function text.time(value)
  return (text.clean(value):gsub("T", " "):gsub("%.%d+Z$", "Z"))
end

--- The same without seconds.
function text.minute(value)
  return (text.time(value):gsub("^(%d+%-%d+%-%d+ %d+:%d+):%d+Z$", "%1Z"))
end

--- Columns of the terminal on standard output; nil where it is none and COLUMNS does not say.
function text.width()
  local columns = math.tointeger(tonumber(os.getenv "COLUMNS" or ""))
  return columns and columns > 0 and columns or core.terminal_width()
end

-- First and last character of what stands over its neighbour, and of what takes two cells (after Unicode's East Asian
-- Width, coarsely: a symbol more or less only moves a column).
local combining <const> = {
  { 0x300, 0x36F }, { 0x483, 0x489 }, { 0x591, 0x5BD }, { 0x610, 0x61A }, { 0x64B, 0x65F }, { 0x6D6, 0x6DC },
  { 0x93A, 0x93A }, { 0x93C, 0x93C }, { 0x941, 0x948 }, { 0x94D, 0x94D }, { 0xE31, 0xE31 }, { 0xE34, 0xE3A },
  { 0xE47, 0xE4E }, { 0x1AB0, 0x1AFF }, { 0x1DC0, 0x1DFF }, { 0x20D0, 0x20FF }, { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F },
}
local wide <const> = {
  { 0x1100, 0x115F }, { 0x2E80, 0x303E }, { 0x3041, 0x33FF }, { 0x3400, 0x4DBF }, { 0x4E00, 0x9FFF },
  { 0xA000, 0xA4CF }, { 0xA960, 0xA97F }, { 0xAC00, 0xD7A3 }, { 0xF900, 0xFAFF }, { 0xFE30, 0xFE6F },
  { 0xFF00, 0xFF60 }, { 0xFFE0, 0xFFE6 }, { 0x1F300, 0x1F64F }, { 0x1F680, 0x1F6FF }, { 0x1F900, 0x1F9FF },
  { 0x20000, 0x3FFFD },
}

local function is_within(code, ranges)
  for _, range in ipairs(ranges) do
    if code <= range[2] then
      return code >= range[1]
    end
  end
  return false
end

local function cells_of(code)
  if code < 0x300 then
    return 1
  end
  return is_within(code, combining) and 0 or is_within(code, wide) and 2 or 1
end

--- Cells that a cleaned text takes on a terminal.
function text.cells(line)
  if not line:find "[\x80-\xFF]" then
    return #line
  end
  local count = 0
  for _, code in utf8.codes(line) do
    count = count + cells_of(code)
  end
  return count
end

-- Where the part of a word ends that fits.
local function end_of_piece(word, from, width)
  local count = 0
  for at, code in utf8.codes(word:sub(from)) do
    count = count + cells_of(code)
    if count > width and at > 1 then
      return from + at - 2
    end
  end
  return #word
end

-- A word that is longer than a line, in pieces; one with a GUID stays whole.
local function pieces(word, width)
  if text.cells(word) <= width or word:find(text.guid) then
    return { word }
  end
  local list, from = {}, 1
  while from <= #word do
    local to = end_of_piece(word, from, width)
    list[#list + 1] = word:sub(from, to)
    from = to + 1
  end
  return list
end

--- Breaks a cleaned text into lines of that width, at least one. Spaces within a line stay as they are.
function text.wrap(long, width)
  local lines, line, used = {}, "", 0
  for spaces, word in long:gmatch "( *)([^ ]+)" do
    for at, piece in ipairs(pieces(word, width)) do
      local gap, cells = (at == 1 and line ~= "") and spaces or "", text.cells(piece)
      if line ~= "" and (at > 1 or used + #gap + cells > width) then
        lines[#lines + 1], line, used = line, piece, cells
      else
        line, used = line .. gap .. piece, used + #gap + cells
      end
    end
  end
  lines[#lines + 1] = line
  return lines
end

--- Filled up with spaces to that width.
function text.pad(line, width)
  return line .. (" "):rep(width - text.cells(line))
end

return text
