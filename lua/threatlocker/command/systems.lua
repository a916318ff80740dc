--- Operating systems, as options and lists name them.
local systems = {}

local words <const> = { "windows", "mac", "linux", "windows_xp" }
local numbers <const> = { 1, 2, 3, 5 } -- the API's, of these

--- The option --os; `with_all` for lists that can be of all systems.
function systems.option(with_all)
  local choices = { table.unpack(words) }
  choices[#choices + 1] = with_all and "all" or nil
  return {
    name = "os", value = "OS", choices = choices, help = "default windows; one of " .. table.concat(choices, ", "),
  }
end

--- "mac" for the API's number 2; the number itself for those without a word.
function systems.word(number)
  for at, each in ipairs(numbers) do
    if each == number then
      return words[at]
    end
  end
  return number
end

return systems
