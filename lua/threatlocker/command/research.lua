--- What ThreatLocker's research knows of an application, for people. Nothing says what scale its ratings have.
local text = require "threatlocker.command.text"

local research = {}

local given = text.given

-- The members of a list that are texts, or that member of each, in one text.
local function join(list, member, separator)
  local names = {}
  for _, each in ipairs(type(list) == "table" and list or {}) do
    local name = each
    if member then
      name = type(each) == "table" and each[member] or nil
    end
    names[#names + 1] = given(name) and tostring(name)
  end
  return names[1] and table.concat(names, separator or ", ") or nil
end

--- Columns of a list: get() is given what research knows of one application.
research.columns = {
  { name = "business", get = function(known) return known.businessRating end },
  { name = "review", get = function(known) return known.reviewRating end },
  { name = "concern", get = function(known) return known.concernRating end },
  { name = "categories", wraps = 12, get = function(known) return join(known.categories) end },
  { name = "countries", wraps = 12, get = function(known) return join(known.countriesWhereCodeCompiled, "name") end },
}

--- Facts (see output.write_facts).
function research.facts(known)
  return {
    { "Product", given(known.productName) }, { "Application", given(known.clientApplicationName) },
    { "What it is", given(known.productDescription) }, { "Note", given(known.clientDescription) },
    { "Business rating", given(known.businessRating) }, { "Review rating", given(known.reviewRating) },
    { "Concern rating", given(known.concernRating) }, { "Categories", join(known.categories) },
    { "Countries", join(known.countriesWhereCodeCompiled, "tooltip", "; ") },
    { "Reaches", join(known.accessLevels, "displayName") }, { "Risk", given(known.potentialRiskStrategyText) },
    { "Advice", given(known.remediationText) },
  }
end

return research
