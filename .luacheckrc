std = "lua54"
max_line_length = 120
exclude_files = { "build" }

-- Types only: LuaLS reads the empty functions, nobody calls them.
files["lua/threatlocker/types"] = { ignore = { "212", "241", "631" } }
files["tests/lua/module/memory_spec.lua"] = { read_globals = { "pcall_with_allocations", "pcall_with_shortage" } }
