--- What subcommands write on standard output: tables or JSON lines of lists, facts, single records. And warnings.
local nearest = require "threatlocker.command.nearest"
local style = require "threatlocker.command.style"
local tables = require "threatlocker.command.table"
local text = require "threatlocker.command.text"
local threatlocker = require "threatlocker"

local output = {}

output.json_option = { name = "json", help = "JSON instead of a table: one object a line, as the API sent it" }

local function name_stream(message)
  return "standard output: " .. message
end

--- Raises when it cannot be written.
function output.write(...)
  local good, message = io.stdout:write(...)
  if not good then
    error(name_stream(message), 0)
  end
end

--- True when all that was written is out; else nil and why not.
function output.finish()
  local good, message = io.stdout:flush()
  if not good then
    return nil, name_stream(message)
  end
  return true
end

--- One line on standard error about what is no failure.
function output.warn(message)
  io.stderr:write("threatlocker: ", text.clean(message), "\n")
end

--- One JSON line.
function output.write_json(value)
  output.write(assert(threatlocker.json_encode(value)), "\n")
end

--------------------------------------------------------------------------------------------------------------------
-- Lists

--- The options --json and --columns of a list.
function output.list_options(columns)
  local names, shown = {}, {}
  for _, column in ipairs(columns) do
    names[#names + 1] = column.name
    shown[#shown + 1] = not column.extra and column.name or nil
  end
  return output.json_option, {
    name = "columns", value = "NAMES", help = ("of the table, with commas between: %s. Default: %s")
      :format(table.concat(names, ", "), table.concat(shown, ",")),
  }
end

local function find_column(columns, name)
  local names = {}
  for at, column in ipairs(columns) do
    if column.name == name then
      return column
    end
    names[at] = column.name
  end
  local near = nearest(name, names)
  return nil, ("there is no column '%s'%s; there are: %s"):format(name,
    near and (" (did you mean %s?)"):format(near) or "", table.concat(names, ", "))
end

--- The columns that --columns names, or those shown by default; nil and what is wrong.
function output.choose(columns, names)
  local chosen = {}
  for _, column in ipairs(not names and columns or {}) do
    chosen[#chosen + 1] = not column.extra and column or nil
  end
  for name in (names or ""):gmatch "[^,%s]+" do
    local column, wrong = find_column(columns, name)
    if not column then
      return nil, wrong
    end
    chosen[#chosen + 1] = column
  end
  if #chosen == 0 then
    return nil, "--columns names none"
  end
  return chosen
end

--- What is wrong with --columns, for a subcommand's check().
function output.check_columns(columns, values)
  local chosen, wrong = output.choose(columns, values.columns)
  return not chosen and wrong or values.json and values.columns and "--columns is for tables, not for --json" or nil
end

--- The members of rows that the chosen columns show.
function output.fields(columns)
  local fields = {}
  for _, column in ipairs(columns) do
    for _, name in ipairs(column.fields or {}) do
      fields[#fields + 1] = name
    end
  end
  return fields
end

local list = {}
list.__index = list

--- Something with add(row) and finish(). A column is { name, extra = not shown by default, fields = the members of a
--- row that it needs, get = function(row): text (default: the first of fields), wraps and style as in table.lua }.
--- With values.json the rows become lines of JSON.
function output.list(columns, values)
  local self = setmetatable({ columns = columns, json = values.json }, list)
  if not self.json then
    local titled = {}
    for at, column in ipairs(columns) do
      titled[at] = { title = column.name:upper(), wraps = column.wraps, style = column.style }
    end
    self.table = tables.new(titled, text.width(), output.write)
  end
  return self
end

local function cell_of(column, row)
  local value = row[column.fields and column.fields[1]]
  if column.get then
    value = column.get(row)
  end
  return text.given(value) == nil and "" or text.clean(value)
end

function list:add(row)
  if self.json then
    output.write_json(row)
    return
  end
  local cells = {}
  for at, column in ipairs(self.columns) do
    cells[at] = cell_of(column, row)
  end
  self.table:add(cells)
end

function list:finish()
  if self.table then
    self.table:finish()
  end
end

--- A whole list at once.
function output.write_list(columns, rows, values)
  local chosen = assert(output.choose(columns, values.columns))
  local writer = output.list(chosen, values)
  for _, row in ipairs(rows) do
    writer:add(row)
  end
  writer:finish()
end

--- The end of a subcommand that lists: `rows` as a table or JSON lines, or what their call failed with.
function output.finish_list(columns, values, rows, message, code)
  if not rows then
    return nil, message, code
  end
  output.write_list(columns, rows, values)
  return 0
end

--------------------------------------------------------------------------------------------------------------------
-- Facts

--- Lines "label  text", the text wrapped beside its label. A fact is { label, text[, style] }; those without a text
--- are left out. `write` gets the lines; default: standard output.
function output.write_facts(facts, write)
  local width, label_width = text.width(), 0
  write = write or output.write
  for _, fact in ipairs(facts) do
    label_width = math.max(label_width, fact[2] and text.cells(fact[1]) or 0)
  end
  for _, fact in ipairs(facts) do
    local room = width and math.max(width - label_width - 2, 10)
    local value = fact[2] and text.clean(fact[2]) or ""
    for at, line in ipairs(value ~= "" and (room and text.wrap(value, room) or { value }) or {}) do
      local label = text.pad(at == 1 and fact[1] or "", label_width)
      write(style.title(label), "  ", fact[3] and fact[3](line) or line, "\n")
    end
  end
end

--- The end of a subcommand that shows one thing: as facts, or as JSON, or what its call failed with.
function output.finish_one(facts_of, values, thing, message, code)
  if not thing then
    return nil, message, code
  elseif values.json then
    output.write_json(thing)
  else
    output.write_facts(facts_of(thing))
  end
  return 0
end

return output
