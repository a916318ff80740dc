--- Operating systems, as options and lists name them.
local systems = {}

local words <const> = { "windows", "mac", "linux", "windows_xp" }
local numbers <const> = { windows = 1, mac = 2, linux = 3, windows_xp = 5 }

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
  for word, each in pairs(numbers) do
    if each == number then
      return word
    end
  end
  return number
end

return systems
