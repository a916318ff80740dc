---@meta threatlocker
--- Types of the module `threatlocker` for the Lua language server; never loaded at run time.
---
--- Failures return nil, a message, a code and a failure table. Misuse (wrong types, unknown options, use after
--- close) raises. Everything that has close() can be a `<close>` variable. Calls block, all coroutines included.

---@alias threatlocker.code
---| "usage" | "config" | "memory" | "network" | "tls" | "timeout" | "cancelled" | "token" | "permission"
---| "forbidden" | "not_found" | "invalid" | "rate_limited" | "server" | "protocol" | "conflict"
---| "unknown_outcome"

---@class threatlocker.failure  tostring() gives "message (code)"
---@field code threatlocker.code
---@field message string  one line that says what to do; without secrets
---@field http_status? integer
---@field retriable boolean  the same read may succeed later
---@field applied "no"|"yes"|"unknown"  whether a write changed anything
---@field logger_id? string  ThreatLocker's LoggerId, which its support asks for
---@field counts? threatlocker.counts  of a chain's step: what was done before it failed

---@class threatlocker
---@field _VERSION string
---@field null lightuserdata  JSON null; equal to the null of lua-cjson
local threatlocker = {}

--- What both services need to connect.
---@class threatlocker.connection
---@field ca_file? string  PEM file of trusted CAs instead of the system's
---@field client_cert? string  PEM file
---@field client_key? string  PEM file; default: in client_cert
---@field proxy? string  URL; default: the environment's, "" = none
---@field timeout? number  seconds for one call, retries included; default 60
---@field connect_timeout? number  seconds; default 10
---@field retries? integer  of reads; default 3, 0 = none. Writes are never retried
---@field log? fun(line: string)  gets one line about each request once the call is over; its errors become warnings
---@field null? any  stands for JSON null; default: null members are absent

---@class threatlocker.client_options: threatlocker.connection
---@field instance? string  "g"; default THREATLOCKER_INSTANCE
---@field base_url? string  instead of instance; default THREATLOCKER_BASE_URL
---@field token? string  default THREATLOCKER_API_KEY, or the file that THREATLOCKER_API_KEY_FILE names
---@field organization_id? string  default THREATLOCKER_ORG_ID, else the token's own
---@field page_size? integer  rows per page of listings, 1 to 1000
---@field fields? string[]  convert only these members of rows; approvalRequestId and organizationId always come
---@field seal_key? string  key of prompt seals, at least 16 bytes; default: derived from the token
---@field settle_time? number  seconds that a doubtful write is read back; default 10

--- Makes a client of the Portal API; sends nothing.
---@param options? threatlocker.client_options
---@return threatlocker.client|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function threatlocker.client(options) end

---@class threatlocker.soar_options: threatlocker.connection
---@field url? string  default SOAR_URL
---@field token? string  default SOAR_TOKEN, or the file that SOAR_TOKEN_FILE names
---@field user? string  user and password instead of a token; default SOAR_USER
---@field password? string  default SOAR_PASSWORD

--- Makes a client of Splunk SOAR's REST API; sends nothing.
---@param options? threatlocker.soar_options
---@return threatlocker.soar|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function threatlocker.soar(options) end

--- What no answer, rule or script exceeds. The defaults are the strictest.
---@class threatlocker.limits
---@field max_scope? "computer"|"group"|"organization"  default "computer"
---@field allow_builtin? boolean
---@field allow_modes? ("installation"|"learning"|"monitor")[]
---@field allow_path_rules? boolean
---@field max_expiry? integer  seconds within which a permit must end; default: it need not end

---@class threatlocker.chain_options
---@field name string  acts on prompts sealed for "chain:<name>"
---@field client threatlocker.client
---@field soar threatlocker.soar
---@field ledger string  path of the ledger; made when absent
---@field limits? threatlocker.limits
---@field max_answer_age? number  seconds; default 86400
---@field since? string  ISO UTC time: prompts from then on count; default: the ledger's birth
---@field decide? threatlocker.decide
---@field event? fun(line: string)  gets one line of JSON per state change once the step is over

--- Narrows or declines after a positive answer: true goes on, a choice narrows, nil and a reason (or an error)
--- leaves the prompt to a person. May call the client and soar, but not close them.
---@alias threatlocker.decide fun(prompt: table, request: table, details: table, matches: table[]): true|threatlocker.choice|nil, string?

--- Opens the chain's ledger.
---@param options threatlocker.chain_options
---@return threatlocker.chain|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function threatlocker.chain(options) end

--- Marks a table, or a new one, as a JSON array: needed for empty ones, which are objects otherwise.
---@generic T: table
---@param list? T
---@return T
function threatlocker.array(list) end

--- Compact JSON with sorted members. Raises, naming the key path, for what JSON cannot hold.
---@param value any
---@return string|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function threatlocker.json_encode(value) end

--- Strict. Integers beyond 64 bits become strings of their digits; null members are left out unless options.null
--- names what stands for them; null list items are threatlocker.null.
---@param text string
---@param options? { null?: any }
---@return any, string? message, threatlocker.code? code, threatlocker.failure? failure
function threatlocker.json_decode(text, options) end

---@class threatlocker.endpoint
---@field name string
---@field method "GET"|"POST"
---@field path string  below /portalapi/
---@field write boolean
---@field organization boolean  takes the ManagedOrganizationId header
---@field permissions { condition?: string, any_of: string[] }[]  all of these groups, any permission of each

--- The ThreatLocker endpoints that this module calls.
---@return threatlocker.endpoint[]
function threatlocker.endpoints() end

---@param seconds number
---@return boolean whole  false when a signal cut it short
function threatlocker.sleep(seconds) end

---@class threatlocker.client
local client = {}

--- A row as the API sends it; these are the members that calls need.
---@class threatlocker.row
---@field approvalRequestId string
---@field organizationId? string
---@field [string] any

---@class threatlocker.call_options
---@field organization_id? string  the organization that contains the request; a row brings its own

---@class threatlocker.query: threatlocker.call_options
---@field status? integer|"pending"|"approved"|"not_learned"|"rejected"|"added_to_application"|"escalated"|"self_approved"|"escalated_by_customer"
---@field children? boolean  child organizations too
---@field search? string
---@field order_by? "datetime"|"username"|"devicetype"|"actiontype"|"path"|"actiondate"
---@field ascending? boolean  default true: oldest first
---@field page_size? integer

---@class threatlocker.page_query: threatlocker.query
---@field page_number? integer  from 1

---@class threatlocker.page  members that the server did not tell are absent
---@field current_page? integer
---@field items_per_page? integer
---@field total_items? integer
---@field total_pages? integer

---@class threatlocker.requests  an iterator; calling it gives the next row, nil at the end
---@overload fun(): threatlocker.row|nil
local requests = {}

--- The newest totals that the server told.
---@return threatlocker.page
function requests:totals() end
function requests:close() end

--- Walks all pages, for use in a generic for. Raises a threatlocker.failure, here and in the loop: a list that ends
--- early must not look complete.
---@param query? threatlocker.query
---@return threatlocker.requests requests, nil, nil, threatlocker.requests closing
function client:requests(query) end

---@param query? threatlocker.page_query
---@return threatlocker.row[]|nil, threatlocker.page|string page, threatlocker.code? code, threatlocker.failure? failure
function client:request_page(query) end

---@param id string|threatlocker.row
---@param options? threatlocker.call_options
---@return threatlocker.row|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:request(id, options) end

--- Everything that a permit needs.
---@param id string|threatlocker.row
---@param options? threatlocker.call_options
---@return table|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:permit_details(id, options) end

--- Applications that match the file. A table without approvalRequestId is taken as details.
---@param id_or_details string|threatlocker.row|table
---@param options? threatlocker.call_options
---@return table[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:matching_applications(id_or_details, options) end

---@class threatlocker.rule  a hash alone, or any of the others
---@field hash? string
---@field path? string
---@field process? string
---@field cert? string
---@field created_by? string

---@class threatlocker.choice: threatlocker.call_options
---@field application "matching"|"existing"|"new"
---@field application_id? string  required for matching and existing
---@field name? string  required for new
---@field policy? "new"|"existing"
---@field scope? "computer"|"group"|"organization"
---@field group_id? string
---@field rules? threatlocker.rule[]
---@field mode? "manual"|"installation"|"learning"|"monitor"
---@field elevate? "no"|"notify"|"silent"|"standard_user"  required for elevation requests
---@field elevate_hours? integer
---@field elevate_until? string
---@field expires? string  UTC time
---@field ticket? string
---@field comments? string
---@field requestor_email? string
---@field response_subject? string
---@field response_reason? string
---@field notify? boolean
---@field allow_builtin? boolean
---@field allow_actioned? boolean
---@field allow_empty? boolean
---@field scope_encoding? "official"|"all_false"
---@field body? "full"|"minimal"
---@field dry_run? boolean  return the exact body, send nothing

---@class threatlocker.answer: threatlocker.call_options
---@field reason? string
---@field subject? string
---@field notify? boolean
---@field allow_actioned? boolean
---@field dry_run? boolean

---@class threatlocker.outcome
---@field outcome "permitted"|"rejected"|"ignored"|"already_actioned"|"refused"|"unknown"|"preview"
---@field verified boolean  read back in the state that outcome names
---@field applied "yes"|"no"|"unknown"
---@field code? threatlocker.code
---@field message? string
---@field http_status? integer
---@field logger_id? string
---@field request_id string
---@field organization_id? string
---@field operation_id? string
---@field status_id? integer
---@field approved_by? string
---@field action_date? string
---@field policy_id? string
---@field application_id? string
---@field body? any  the exact request body, of a preview
---@field body_sha256? string

--- Plans, sends once, reads back. An outcome comes whenever the request could be read, refusals included: look at
--- `outcome` and `verified`.
---@param id string|threatlocker.row
---@param choice threatlocker.choice
---@param options? threatlocker.call_options
---@return threatlocker.outcome|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:permit(id, choice, options) end

---@param id string|threatlocker.row
---@param answer? threatlocker.answer
---@param options? threatlocker.call_options
---@return threatlocker.outcome|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:reject(id, answer, options) end

---@param id string|threatlocker.row
---@param answer? threatlocker.answer
---@param options? threatlocker.call_options
---@return threatlocker.outcome|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:ignore(id, answer, options) end

---@class threatlocker.labelled_choice
---@field label string  1 to 40 bytes; differs from the others in more than case, and is none of the words
---@field choice threatlocker.choice

---@class threatlocker.words  what decides, compared whole and without case; at most 8 in a list
---@field permit? string[]  default: "Permit", "Approve"
---@field reject? string[]  default: "Reject", "Deny"
---@field ignore? string[]  default: "Ignore"

---@class threatlocker.prompt_options: threatlocker.call_options
---@field executor string  "playbook" or "chain:<name>"
---@field choice? threatlocker.choice  without dry_run and allow_actioned; this or choices
---@field choices? threatlocker.labelled_choice[]  1 to 4, of which the approver picks one by its label
---@field words? threatlocker.words  the same as those of who reads the answer

---@class threatlocker.prepared
---@field message string  ends in the seal, which covers it: put it into the prompt as it is
---@field choices string[]  the answers to offer: "Permit" or the labels, then the words for no
---@field request_id string
---@field organization_id? string
---@field executor string
---@field sealed_at string
---@field facts string

--- A prompt's text for one request; sends nothing but reads.
---@param id string|threatlocker.row
---@param prompt threatlocker.prompt_options
---@param options? threatlocker.call_options
---@return threatlocker.prepared|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:prepare_prompt(id, prompt, options) end

--- Ends the iterators and chains that use the client, too.
function client:close() end
--- Makes later calls fail with the code "cancelled".
function client:cancel() end

---@class threatlocker.soar
local soar = {}

---@class threatlocker.approval_query
---@field status? string  "pending"
---@field type? string  "manual" = prompts and tasks
---@field min_id? integer
---@field started_after? string  ISO UTC time

--- All approval records, oldest id first.
---@param query? threatlocker.approval_query
---@return table[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:approvals(query) end

---@param id integer
---@return table|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:approval(id) end

--- The detail view, without the asset's configuration and token.
---@param id integer
---@return table|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:approval_summary(id) end

---@class threatlocker.prompt_answer
---@field approval table
---@field app_run? table
---@field app_run_note? string
---@field reading "permit"|"reject"|"ignore"|"wait"|"closed"|"undecided"  by the default words; binds nothing
---@field reason string
---@field responses? string[]
---@field answered_by? string
---@field answered_at? string

---@param id integer
---@return threatlocker.prompt_answer|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:prompt_answer(id) end

--- Ends the chains that use it, too.
function soar:close() end
function soar:cancel() end

---@class threatlocker.chain
local chain = {}

---@class threatlocker.counts
---@field watched integer  sealed prompts still open, or answered and not yet acted on, after the step
---@field answered integer
---@field sending integer  still in doubt
---@field permitted integer
---@field rejected integer
---@field ignored integer
---@field left integer  left to a person
---@field refused integer
---@field unknown integer  a person must look

--- One poll, without sleeping beyond the settling of doubtful writes.
---@return threatlocker.counts|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function chain:step() end

--- Repeats step(), 1 to 30 seconds apart as things move, until on_step returns true (then true) or an error that
--- trying again does not mend. Retriable errors are handed to on_step.
---@param on_step? fun(counts: threatlocker.counts, failure?: threatlocker.failure): boolean?
---@return true|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function chain:run(on_step) end

--- The ledger's history, oldest first.
---@param request_id? string|threatlocker.row
---@return table[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function chain:history(request_id) end

function chain:close() end

return threatlocker
