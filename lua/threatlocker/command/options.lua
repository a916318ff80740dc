--- Options of subcommands, from one table each: how they are parsed, and what help says about them.
---
--- An option is { name = "max-scope", value = "SCOPE", help = "…" }, given as --max-scope SCOPE or --max-scope=SCOPE
--- and found under values.max_scope. Without `value` it is a flag. With `choices` (a list) other values are refused,
--- with `integer` (the least one) all but integers are. With `list` it may be given more than once, and its value is a
--- list.
local options = {}

local help_column <const> = 28
local help_width <const> = 100

local function key(option)
  return (option.name:gsub("-", "_"))
end

local function find(known, name)
  for _, option in ipairs(known) do
    if option.name == name then
      return option
    end
  end
  return nil
end

local function is_among(choices, text)
  for _, choice in ipairs(choices) do
    if choice == text then
      return true
    end
  end
  return false
end

--- The value that the text stands for, or nil and what is wrong.
local function read_value(option, text)
  if option.choices and not is_among(option.choices, text) then
    return nil, ("--%s must be one of: %s"):format(option.name, table.concat(option.choices, ", "))
  elseif option.integer then
    local number = text:find "^%-?%d+$" and math.tointeger(tonumber(text))
    if not number or number < option.integer then
      return nil, ("--%s must be an integer from %d on"):format(option.name, option.integer)
    end
    return number
  elseif text == "" then
    return nil, ("--%s is empty"):format(option.name)
  end
  return text
end

local function store(values, option, value)
  local name = key(option)
  if option.list then
    values[name] = values[name] or {}
    table.insert(values[name], value)
  elseif values[name] ~= nil then
    return ("--%s is given twice"):format(option.name)
  else
    values[name] = value
  end
  return nil
end

--- Takes the argument at `at`, and its value. Returns where the next one is, or nil and what is wrong.
local function take(values, known, arguments, at)
  local word = arguments[at] == "-h" and "--help" or arguments[at]
  local name, inside = word:match "^%-%-([^=]+)=(.*)$"
  name = name or word:match "^%-%-(.+)$"
  local option = name and find(known, name)
  if not option then
    return nil, (name and "there is no option '%s'" or "'%s' is not expected here"):format(word)
  elseif not option.value then
    if inside then
      return nil, ("--%s takes no value"):format(name)
    end
    values[key(option)] = true
    return at + 1
  end
  local text = inside or arguments[at + 1]
  if not text then
    return nil, ("--%s needs a value: %s"):format(name, option.value)
  end
  local value, wrong = read_value(option, text)
  if value == nil then
    return nil, wrong
  end
  wrong = store(values, option, value)
  return not wrong and at + (inside and 1 or 2) or nil, wrong
end

--- Reads arguments[first] and all after it. Returns the values, or nil and what is wrong; help goes before that.
function options.parse(known, arguments, first)
  local values = {}
  for at = first, #arguments do
    if arguments[at] == "--help" or arguments[at] == "-h" then
      return { help = true }
    end
  end
  local at = first
  while at <= #arguments do
    local after, wrong = take(values, known, arguments, at)
    if not after then
      return nil, wrong
    end
    at = after
  end
  return values
end

--- Breaks a text between words.
local function fold(text, width)
  local lines, line = {}, ""
  for word in text:gmatch "%S+" do
    if line ~= "" and #line + 1 + #word > width then
      lines[#lines + 1], line = line, word
    else
      line = line == "" and word or line .. " " .. word
    end
  end
  lines[#lines + 1] = line
  return lines
end

local function describe(option)
  local left = "  --" .. option.name .. (option.value and " " .. option.value or "")
  local lines = fold(option.help .. (option.list and " (may be repeated)" or ""), help_width - help_column)
  if #left >= help_column then
    table.insert(lines, 1, "")
  end
  lines[1] = left .. (" "):rep(help_column - #left) .. lines[1]
  return (table.concat(lines, "\n" .. (" "):rep(help_column)):gsub(" +\n", "\n"))
end

--- The options' part of help, `last` at the end.
function options.help(known, last)
  local lines = {}
  for _, option in ipairs(known) do
    lines[#lines + 1] = describe(option)
  end
  lines[#lines + 1] = describe(last)
  return table.concat(lines, "\n") .. "\n"
end

return options
