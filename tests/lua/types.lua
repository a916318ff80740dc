--- The types under lua/threatlocker/types: read as data, and compared with what is really there.
local shell = require "shell"
local threatlocker = require "threatlocker"

local types = {}

--- The text of all files.
function types.text()
  return shell.capture "cat lua/threatlocker/types/*.lua"
end

local function split(list)
  local parts = {}
  for part in list:gmatch "[%w_.]+" do
    parts[#parts + 1] = part
  end
  return parts
end

-- "type  description": two spaces part them, since types hold single ones.
local function read_type(rest)
  local kind, description = rest:match "^(.-)%s%s+(.+)$"
  return kind or rest, description
end

local function read_field(line)
  local name, rest = line:match "^%-%-%-@field (%S+) (.+)$"
  if not name then
    return nil
  end
  name = name:match '^%["(.+)"%]%??$' or name:match "^(.-)%??$"
  local kind, description = read_type(rest)
  return name, { type = kind, description = description }
end

local function read_param(line)
  local name, rest = line:match "^%-%-%-@param ([%w_]+%??) (.+)$"
  return name and { name = name:match "^(.-)%??$", type = (read_type(rest)), optional = name:find "%?$" ~= nil }
end

--- classes: by name, { parents, fields = { [name] = { type, description } } }; functions: by name as it is called
--- ("client:permit"), { params, described }; aliases: types by name.
function types.parse(text)
  local doc = { classes = {}, functions = {}, aliases = {} }
  local class, described, params = nil, false, {}
  for line in text:gmatch "[^\n]*" do
    local name, rest = line:match "^%-%-%-@class ([%w_.]+)(.*)$"
    local field, about = read_field(line)
    local alias, kind = line:match "^%-%-%-@alias ([%w_.]+) ?(.*)$"
    local owner, mark, method = line:match "^function ([%w_]+)([.:])([%w_]+)%("
    if name then
      doc.classes[name] = doc.classes[name] or { parents = split((read_type(rest))), fields = {} }
      class = name
    elseif alias then
      doc.aliases[alias] = kind
    elseif field then
      doc.classes[class].fields[field] = about
    elseif owner then
      doc.functions[owner .. mark .. method] = { params = params, described = described }
    elseif line:find "^%-%-%-@param" then
      params[#params + 1] = read_param(line)
    elseif line:find "^%-%-%- %S" then
      described = true
    end
    if not line:find "^%-%-%-" then
      described, params = false, {}
    end
  end
  return doc
end

--- All fields of a class, inherited ones too.
function types.fields(doc, class)
  local all = {}
  for _, parent in ipairs(doc.classes[class].parents) do
    for name, field in pairs(doc.classes[parent] and types.fields(doc, parent) or {}) do
      all[name] = field
    end
  end
  for name, field in pairs(doc.classes[class].fields) do
    all[name] = field
  end
  return all
end

--- The classes that a type names.
function types.classes(doc, kind)
  local found = {}
  for name in kind:gmatch "[%w_.]+" do
    found[#found + 1] = doc.classes[name] and name
  end
  return found
end

--- Whether tables of that class may have other members.
function types.is_open(doc, class)
  return types.fields(doc, class)["[string]"] ~= nil or doc.classes[class].parents[1] == "table"
end

--- The names of what has no description.
function types.undescribed(doc)
  local names = {}
  for name, about in pairs(doc.functions) do
    names[#names + 1] = not about.described and name or nil
  end
  for class, about in pairs(doc.classes) do
    for name, field in pairs(about.fields) do
      names[#names + 1] = not field.description and name ~= "[string]" and class .. "." .. name or nil
    end
  end
  table.sort(names)
  return names
end

local function lua_type(value)
  return math.type(value) or type(value)
end

--- Whether the type allows the value; words and aliases of words are texts.
local function allows(doc, kind, value)
  local found = lua_type(value)
  if found == "table" then
    return kind:find "%[%]$" ~= nil and getmetatable(value) ~= nil
      or getmetatable(value) == nil and (kind == "table" or #types.classes(doc, kind) > 0)
  elseif found == "string" then
    return kind ~= "integer" and kind ~= "boolean" and kind ~= "table"
  end
  return kind == found
end

--- Adds the members of a decoded value, and of those within it, to the sets of the classes that the types say they are
--- of, and what is of another type to the list `wrong`.
function types.add_members(doc, members, class, value, wrong)
  local fields = types.fields(doc, class)
  members[class] = members[class] or {}
  for name, member in pairs(value) do
    local field = fields[name]
    members[class][name] = true
    if field and member ~= threatlocker.null then
      if not allows(doc, field.type, member) then
        wrong[#wrong + 1] = ("%s.%s is %s"):format(class, name, lua_type(member))
      end
      local inner = types.classes(doc, field.type)[1]
      for _, item in ipairs(inner and (getmetatable(member) and member or { member }) or {}) do
        types.add_members(doc, members, inner, item, wrong)
      end
    end
  end
end

local function add_differences(found, prefix, described, real)
  for name in pairs(real) do
    found[#found + 1] = not described[name] and prefix .. name .. " is not described" or nil
  end
  for name in pairs(described) do
    found[#found + 1] = not real[name] and name ~= "[string]" and prefix .. name .. " is not there" or nil
  end
end

--- What differs between the types and `real`: functions, a set of names; members, a set of names for each class.
function types.compare(doc, real)
  local found = {}
  add_differences(found, "", doc.functions, real.functions)
  for class, names in pairs(real.members) do
    add_differences(found, class .. ".", doc.classes[class] and types.fields(doc, class) or {}, names)
  end
  table.sort(found)
  return found
end

return types
