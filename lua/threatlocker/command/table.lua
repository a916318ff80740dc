--- Tables that are written while their rows come.
---
--- The first rows settle the widths; what comes later is fitted into them. Columns that have no room beside the others
--- come below their row, each on lines of its own with its title: the last ones first.
local style = require "threatlocker.command.style"
local text = require "threatlocker.command.text"

local tables = {}
tables.__index = tables

local gap <const> = "  "
local rows_that_settle <const> = 100
local guid_width <const> = 36

--- A column is { title, wraps = the least width that it may be wrapped to (nil = never), style = function of a text }.
--- Without a width nothing is wrapped. `write` gets the lines.
function tables.new(columns, width, write)
  return setmetatable({ columns = columns, width = width, write = write, waiting = {} }, tables)
end

-- What each column needs, its title included.
local function natural_widths(columns, rows)
  local widths = {}
  for at, column in ipairs(columns) do
    widths[at] = text.cells(column.title)
    for _, row in ipairs(rows) do
      widths[at] = math.max(widths[at], text.cells(row[at]))
    end
  end
  return widths
end

-- How many columns can stand side by side, each as narrow as it may be; at least one.
local function count_beside(columns, widths, width)
  local total = -#gap
  for at, column in ipairs(columns) do
    total = total + #gap + math.min(widths[at], column.wraps or widths[at])
    if total > width then
      return math.max(at - 1, 1)
    end
  end
  return #columns
end

-- The widest column that may be wrapped further.
local function find_widest(columns, widths, count)
  local widest
  for at = 1, count do
    local least = columns[at].wraps
    if least and widths[at] > least and (not widest or widths[at] > widths[widest]) then
      widest = at
    end
  end
  return widest
end

-- Narrows columns until the first `count` fit, or until they are as narrow as they may be.
local function narrow(columns, widths, count, width)
  local total = #gap * (count - 1)
  for at = 1, count do
    total = total + widths[at]
  end
  while total > width do
    local widest = find_widest(columns, widths, count)
    if not widest then
      return
    end
    widths[widest] = widths[widest] - 1
    total = total - 1
  end
end

-- The cells that stand side by side: as many lines as the longest has.
function tables:write_beside(cells, styles)
  local columns, height = {}, 1
  for at = 1, self.beside do
    columns[at] = self.width and text.wrap(cells[at], self.widths[at]) or { cells[at] }
    height = math.max(height, #columns[at])
  end
  for number = 1, height do
    local parts, last = {}, 0
    for at, lines in ipairs(columns) do
      parts[at] = text.pad(lines[number] or "", self.widths[at])
      last = lines[number] and lines[number] ~= "" and at or last
    end
    for at = 1, last do
      local trimmed = at == last and parts[at]:gsub(" +$", "") or parts[at]
      parts[at] = styles[at] and styles[at](trimmed) or trimmed
    end
    self.write(table.concat(parts, gap, 1, last), "\n")
  end
end

-- Width of the titles below a row; 0 where the terminal is so narrow that a GUID would not fit beside them.
function tables:label_width()
  local label_width = 0
  for at = self.beside + 1, #self.columns do
    label_width = math.max(label_width, text.cells(self.columns[at].title) + #gap)
  end
  return self.width - #gap - label_width >= guid_width and label_width or 0
end

function tables:write_below(cells)
  local label_width = self.beside < #self.columns and self:label_width() or 0
  for at = self.beside + 1, #self.columns do
    local column = self.columns[at]
    local lines = cells[at] ~= "" and text.wrap(cells[at], self.width - #gap - label_width) or {}
    for number, line in ipairs(lines) do
      local label = label_width > 0 and text.pad(number == 1 and column.title:lower() or "", label_width) or ""
      self.write(gap, style.quiet(label), column.style and column.style(line) or line, "\n")
    end
  end
end

function tables:write_row(cells)
  local styles = {}
  for at, column in ipairs(self.columns) do
    styles[at] = column.style or false
  end
  self:write_beside(cells, styles)
  self:write_below(cells)
end

-- Settles the widths, and writes the titles and all that waited.
function tables:settle()
  local columns, titles, styles = self.columns, {}, {}
  self.widths, self.beside = natural_widths(columns, self.waiting), #columns
  if self.width then
    self.beside = count_beside(columns, self.widths, self.width)
    narrow(columns, self.widths, self.beside, self.width)
  end
  for at, column in ipairs(columns) do
    titles[at], styles[at] = column.title, style.title
  end
  self:write_beside(titles, styles)
  for _, cells in ipairs(self.waiting) do
    self:write_row(cells)
  end
  self.waiting = nil
end

--- Adds a row: a cleaned text for each column.
function tables:add(cells)
  if not self.waiting then
    self:write_row(cells)
    return
  end
  table.insert(self.waiting, cells)
  if #self.waiting >= rows_that_settle then
    self:settle()
  end
end

--- After the last row. Writes the titles at least.
function tables:finish()
  if self.waiting then
    self:settle()
  end
end

return tables
