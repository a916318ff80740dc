--- The words that decide a prompt, as options: whoever prepares it and whoever reads its answer must give the same.
local words = {}

words.options = {
  { name = "permit-word", value = "WORD", list = true, help = "says yes, instead of Permit and Approve" },
  { name = "reject-word", value = "WORD", list = true, help = "says no, instead of Reject and Deny" },
  { name = "ignore-word", value = "WORD", list = true, help = "ignores, instead of Ignore" },
}

--- As the module takes them.
function words.of(values)
  return { permit = values.permit_word, reject = values.reject_word, ignore = values.ignore_word }
end

return words
