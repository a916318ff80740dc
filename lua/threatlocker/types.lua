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
---@field page_size? integer  rows per page of listings, 1 to 1000; default 100
---@field concurrency? integer  pages in flight of listings, 1 to 16; default 4
---@field fields? string[]  convert only these members of rows; approvalRequestId and organizationId always come
---@field seal_key? string  key of prompt seals, at least 16 bytes; default: derived from the token
---@field settle_time? number  seconds that a doubtful write is read back; default 10
---@field limits? threatlocker.limits  the ceiling of every permit and prepared prompt of this client; default: none

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

--- What no answer, rule or script exceeds. The defaults are the strictest. Storage permits are for one device and
--- path without allow_path_rules.
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
---@field words? threatlocker.words  what counts as yes and no
---@field max_answer_age? number  seconds, up to 366 days; default 86400
---@field since? string  ISO UTC time: prompts from then on count; default: the ledger's birth
---@field decide? threatlocker.decide
---@field event? fun(line: string)  gets one line of JSON (a threatlocker.event) per state change once the step is over; what a process that died may not have got comes again. Must not step the chain
---@field events? string  a file to which the same lines are appended, made with mode 0600 when absent, or "-" for standard output. They are on disk when the step returns; a step that cannot write them fails with "config", and they come again
---@field concurrency? integer  how many prompts are worked on side by side, 1 to 16; default 8
---@field answerers? integer  so many different people must say yes, each in a prompt of their own with the same seal, 1 to 5; default 1
---@field answerer_not_requester? boolean  none of them may be who asked
---@field on_expired? "leave"|"reject"|"ignore"  what becomes of a request whose prompt expired unanswered; default "leave"
---@field expired_grace? integer  seconds until then, up to 604800; default 0
---@field claims? boolean  for several chains on one SOAR: each claims a request by a container there before it acts
---@field claim_label? string  of those containers; default "events"
---@field claim_lease? integer  seconds after which a claim lapses, the same for all chains, more than twice the client's timeout; default 300

--- One state change of a prompt. Later versions may add members.
---@class threatlocker.event
---@field event string  "<ledger id>:<number>", the same for ever: a repeated event has the same
---@field time string  when it was written to the ledger
---@field state threatlocker.prompt_state
---@field approval_id integer  the prompt's, in SOAR
---@field request_id? string
---@field organization_id? string
---@field answer? "permit"|"reject"|"ignore"|"closed"|"undecided"
---@field label? string  which of several labelled choices was answered
---@field answered_by? string
---@field operation_id? string
---@field outcome? string  of the write
---@field verified? string  how the outcome was verified
---@field message? string  why

---@alias threatlocker.prompt_state
---| "foreign"  no prompt for this chain (in the history only)
---| "seen"|"answered"|"sending"|"permitted"|"rejected"|"ignored"
---| "left"  left to a person
---| "refused"|"unknown"

--- One line of the ledger's history.
---@class threatlocker.history_line
---@field id integer
---@field time string
---@field approval_id integer
---@field state threatlocker.prompt_state
---@field request_id? string
---@field organization_id? string
---@field answer? "permit"|"reject"|"ignore"|"closed"|"undecided"
---@field label? string
---@field answered_by? string
---@field answered_at? string
---@field operation_id? string
---@field body_sha256? string  of what was sent
---@field outcome? string
---@field verified? string  how the outcome was verified
---@field message? string

--- Narrows or declines after a positive answer: true goes on, a choice narrows, nil and a reason (or an error)
--- leaves the prompt to a person. May call the client and soar, but not close them.
---@alias threatlocker.decide fun(prompt: table, request: table, details: table, matches: table[]): true|threatlocker.choice|nil, string?

--- Opens the chain's ledger. Values out of range are "config".
---@param options threatlocker.chain_options
---@return threatlocker.chain|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function threatlocker.chain(options) end

--- The history in a ledger's file, as chain:history() gives it, without a chain: needs no credentials, and only reads.
--- "config" while a chain is running with that ledger.
---@param ledger string
---@param request_id? string|threatlocker.row
---@return threatlocker.history_line[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function threatlocker.history(ledger, request_id) end

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

--- What a server or file said, for people's eyes: without outer white space, and with U+FFFD for each control,
--- bidirectional or invisible character and each byte that is no UTF-8. At most `max` characters, then "…".
---@param text? string  without NUL bytes; nil gives ""
---@param max? integer  default: no limit
---@return string
function threatlocker.clean_text(text, max) end

---@alias threatlocker.probe_stage  each needs all before it
---| "none"  the name is not even known
---| "resolved"  the name has addresses; with a proxy: the proxy's name
---| "connected"  TCP; with a proxy: to the proxy
---| "proxied"  the proxy opened the way; without a proxy at once
---| "secured"  TLS, and the certificate is trusted; with plain http at once
---| "replied"  an HTTP reply came, whatever its status

--- What a server says of itself: only as true as the server is trusted.
---@class threatlocker.certificate
---@field subject? string
---@field issuer? string
---@field sha256? string  fingerprint, 64 hex digits
---@field not_before? integer  seconds since 1970
---@field not_after? integer
---@field self_signed boolean  its own issuer, by name

--- How far the way to a service is open.
---@class threatlocker.probe
---@field stage threatlocker.probe_stage
---@field failure? threatlocker.failure  what stopped it there
---@field host string
---@field port integer
---@field https boolean
---@field proxy? string  without user and password
---@field proxy_status? integer  HTTP status of the proxy's answer
---@field addresses string[]  that were tried: the host's, or the proxy's
---@field address? string  that was connected to
---@field ca? string  file or folder of the CAs that are trusted
---@field certificates threatlocker.certificate[]  the server's chain, its own first
---@field certificate_pem? string  the first one; unverified unless `trusted`: compare its fingerprint before trusting it
---@field trusted boolean  TLS, and the certificate is trusted
---@field http_status? integer
---@field server_time? integer  seconds since 1970, by the reply's Date
---@field clock_skew? integer  seconds that the server's clock is ahead of ours
---@field libcurl string  its version at run time
---@field tls string  what does TLS for it

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

--- A row as the API sends it, and two members of ours. Calls need approvalRequestId and organizationId.
---@class threatlocker.row
---@field approvalRequestId string
---@field organizationId? string
---@field requestKind? "application"|"elevation"|"storage"|"web"|"other"  ours, by the kind of action
---@field requestorReasonText? string  ours: requestorReason as the person wrote it, decoded; absent without one
---@field [string] any

---@class threatlocker.call_options
---@field organization_id? string  the organization that contains the request; a row brings its own

---@alias threatlocker.action_type
---| "execute" | "install" | "network" | "registry" | "read" | "write" | "move" | "delete" | "baseline"
---| "powershell" | "elevate" | "configuration" | "dns"

---@class threatlocker.query: threatlocker.call_options
---@field status? integer|"pending"|"approved"|"not_learned"|"rejected"|"added_to_application"|"escalated"|"self_approved"|"escalated_by_customer"
---@field children? boolean  child organizations too
---@field search? string
---@field order_by? "datetime"|"username"|"devicetype"|"actiontype"|"path"|"actiondate"
---@field ascending? boolean  default true: oldest first
---@field action_types? threatlocker.action_type[]  at least one; default: all
---@field request_type? integer  ThreatLocker's own number of it, undocumented
---@field current_tier_only? boolean  of an approval in several tiers
---@field tier_level? integer
---@field page_size? integer  default: the client's
---@field concurrency? integer  pages in flight, 1 to 16; default: the client's. A single page does not need it

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
--- True once the end was reached and the list was read whole. False before the end, after an error, and where the
--- list moved so much that even the third walk brought new rows.
---@return boolean
function requests:complete() end
function requests:close() end

--- Walks all pages, for use in a generic for. Raises a threatlocker.failure, here and in the loop: a list that ends
--- early must not look complete.
---@param query? threatlocker.query
---@return threatlocker.requests requests, nil, nil, threatlocker.requests closing
function client:requests(query) end

---@param query? threatlocker.page_query
---@return threatlocker.row[]|nil, threatlocker.page|string page, threatlocker.code? code, threatlocker.failure? failure
function client:request_page(query) end

--- Goes the way that a call would go, with one GET that carries no credentials, once, on a connection of its own. The
--- chain of a server that is not trusted is fetched by a handshake on which nothing is sent.
---@return threatlocker.probe|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:probe() end

---@class threatlocker.count_options: threatlocker.call_options
---@field children? boolean  default true

--- The number of pending requests; a cheap check of token and instance.
---@param options? threatlocker.count_options
---@return integer|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:count(options) end

---@param id string|threatlocker.row
---@param options? threatlocker.call_options
---@return threatlocker.row|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:request(id, options) end

--- Everything that a permit needs.
---@param id string|threatlocker.row
---@param options? threatlocker.call_options
---@return table|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:permit_details(id, options) end

--- Everything that the permit of a storage request needs. Experimental: this endpoint is documented nowhere.
---@param id string|threatlocker.row
---@param options? threatlocker.call_options
---@return table|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:storage_details(id, options) end

---@class threatlocker.file_details
---@field filename? string  as the server names it: not to be used as a path
---@field fileUrl string  a secret: whoever has it has the file
---@field [string] any

--- The copy of the file that the user's computer uploaded; "not_found" where it did not.
---@param id string|threatlocker.row
---@param options? threatlocker.call_options
---@return threatlocker.file_details|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:file_details(id, options) end

---@class threatlocker.download_options: threatlocker.call_options
---@field max_bytes? integer  default 512 MiB
---@field timeout? number  seconds for the whole download; default 600

---@class threatlocker.downloaded
---@field path string
---@field filename? string  as the server names it: not to be used as a path
---@field bytes integer
---@field sha256 string
---@field sha256_checked boolean  the request told a SHA-256, and it is this one

--- Fetches that file into `path`, which must not exist: whole or not at all, mode 0600. It may be malware: nothing here
--- opens it. Links to private addresses and a SHA-256 other than the request's are refused.
---@param id string|threatlocker.row
---@param path string
---@param options? threatlocker.download_options
---@return threatlocker.downloaded|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:download_file(id, path, options) end

--- What a file is matched by: at least hash, sha256 or a certificate, and all of one file.
---@class threatlocker.criteria
---@field hash? string
---@field sha256? string
---@field path? string
---@field processPath? string
---@field filename? string
---@field folder? string
---@field certs? { sha?: string, subject?: string, validCert?: boolean }[]
---@field createdBys? string[]
---@field organizationIds? string[]
---@field osType? integer  default 1, Windows

---@class threatlocker.application
---@field applicationId string
---@field name string
---@field organizationName? string  "master" owns the built-in ones
---@field [string] any

--- Applications that match a file. A table with approvalRequestId is a row, one with approvalRequest holds permit
--- details; any other holds criteria.
---@param what string|threatlocker.row|table|threatlocker.criteria
---@param options? threatlocker.call_options
---@return threatlocker.application[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:matching_applications(what, options) end

--- Conditions that the server suggests for a permit, as they come: their shape is not documented.
---@param what string|threatlocker.row|table  an id, a row, or permit details
---@param options? threatlocker.call_options
---@return table|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:suggest_conditions(what, options) end

---@alias threatlocker.os integer|"windows"|"mac"|"linux"|"windows_xp"

---@class threatlocker.lookup_options
---@field organization_id? string

---@class threatlocker.os_options: threatlocker.lookup_options
---@field os? threatlocker.os  default "windows"

---@class threatlocker.applications_options: threatlocker.os_options
---@field search? string

--- Applications that a file's rules can be added to, those of the organizations above included.
---@param options? threatlocker.applications_options
---@return threatlocker.application[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:applications(options) end

--- Applications usable with installation, learning or monitor mode; `value` is the application's id.
---@param options? threatlocker.os_options
---@return { label: string, value: string }[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:maintenance_applications(options) end

---@param application_id string
---@param options? threatlocker.lookup_options
---@return threatlocker.application|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:application(application_id, options) end

--- What ThreatLocker knows about a built-in application; "not_found" where it knows nothing.
---@param application_id string
---@return table|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:research(application_id) end

---@alias threatlocker.via "move"|"parameters"|"children"

---@class threatlocker.organizations_options: threatlocker.lookup_options
---@field search? string  names that contain it
---@field via? threatlocker.via|threatlocker.via[]  which endpoints to ask, in that order; default: move, parameters, children

---@class threatlocker.organization
---@field organizationId string
---@field name string

--- Organizations that the token reaches, each once.
---@param options? threatlocker.organizations_options
---@return threatlocker.organization[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:organizations(options) end

---@class threatlocker.groups_options: threatlocker.lookup_options
---@field os? threatlocker.os|"all"  default "windows"

---@class threatlocker.computer_group
---@field computerGroupId string
---@field name string
---@field [string] any

---@param options? threatlocker.groups_options
---@return threatlocker.computer_group[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:computer_groups(options) end

---@class threatlocker.audit_query: threatlocker.lookup_options  texts mean "contains", or "*" is a wildcard
---@field user? string
---@field action? string  "Create" "Delete" "Logon" "Modify" "Read"
---@field effective_action? string
---@field details? string
---@field ip_address? string
---@field search? string
---@field object_id? string  GUID
---@field since? string  UTC time
---@field ["until"]? string  UTC time; a keyword of Lua, so write ["until"] = …
---@field children? boolean
---@field page? integer  from 1
---@field page_size? integer  1 to 1000; default 25

--- One page of the portal's audit trail, newest first.
---@param query? threatlocker.audit_query
---@return table[]|nil, threatlocker.page|string page, threatlocker.code? code, threatlocker.failure? failure
function client:audit(query) end

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

---@class threatlocker.storage_choice: threatlocker.call_options
---@field policy "existing"|"new"
---@field policy_id? string  required for existing: the device is added to that storage policy
---@field name? string  required for new
---@field scope? "computer"|"group"|"organization"  of a new policy; default "computer"
---@field group_id? string
---@field all_devices? boolean
---@field all_paths? boolean
---@field expires? string  UTC time
---@field ticket? string
---@field comments? string
---@field requestor_email? string
---@field response_subject? string
---@field response_reason? string
---@field notify? boolean
---@field allow_actioned? boolean
---@field dry_run? boolean  return the exact body, send nothing

---@class threatlocker.ownership_options: threatlocker.call_options
---@field dry_run? boolean

---@class threatlocker.authorize_options: threatlocker.call_options
---@field message? string
---@field dry_run? boolean

---@alias threatlocker.outcome_word
---| "permitted" | "rejected" | "ignored" | "owned" | "authorized"  what was asked for, and applied
---| "already_actioned"  somebody was faster
---| "refused"  nothing was applied: by us before sending, or by the server
---| "unknown"  it may have been applied: a person must look
---| "preview"  of a dry run

---@class threatlocker.outcome
---@field outcome threatlocker.outcome_word
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
---@field assignee? string
---@field experimental? true  of a storage permit: how its endpoint behaves is documented nowhere
---@field body? any  the request body, of a preview
---@field body_json? string  the same, byte for byte as it would be sent
---@field body_sha256? string

--- Plans, sends once, reads back. An outcome comes whenever the request could be read, refusals included: look at
--- `outcome` and `verified`.
---@param id string|threatlocker.row
---@param choice threatlocker.choice
---@param options? threatlocker.call_options
---@return threatlocker.outcome|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:permit(id, choice, options) end

--- Permits one storage request, as permit() does. Experimental.
---@param id string|threatlocker.row
---@param choice threatlocker.storage_choice
---@param options? threatlocker.call_options
---@return threatlocker.outcome|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:permit_storage(id, choice, options) end

--- Rejects one request, or up to 100 with one sending for each organization. The outcomes of a list are in its order: a
--- request that cannot be acted on gets its own outcome and holds up no other. Each row brings its own organization;
--- organization_id, where it is given, counts for all.
---@param ids string|threatlocker.row|(string|threatlocker.row)[]
---@param answer? threatlocker.answer
---@param options? threatlocker.call_options
---@return threatlocker.outcome|threatlocker.outcome[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
---@overload fun(self, id: string|threatlocker.row, answer?: threatlocker.answer, options?: threatlocker.call_options): threatlocker.outcome|nil, string?, threatlocker.code?, threatlocker.failure?
---@overload fun(self, ids: (string|threatlocker.row)[], answer?: threatlocker.answer, options?: threatlocker.call_options): threatlocker.outcome[]|nil, string?, threatlocker.code?, threatlocker.failure?
function client:reject(ids, answer, options) end

--- As reject(), through the endpoint for ignoring.
---@param ids string|threatlocker.row|(string|threatlocker.row)[]
---@param answer? threatlocker.answer
---@param options? threatlocker.call_options
---@return threatlocker.outcome|threatlocker.outcome[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
---@overload fun(self, id: string|threatlocker.row, answer?: threatlocker.answer, options?: threatlocker.call_options): threatlocker.outcome|nil, string?, threatlocker.code?, threatlocker.failure?
---@overload fun(self, ids: (string|threatlocker.row)[], answer?: threatlocker.answer, options?: threatlocker.call_options): threatlocker.outcome[]|nil, string?, threatlocker.code?, threatlocker.failure?
function client:ignore(ids, answer, options) end

--- Assigns the request to the API user.
---@param id string|threatlocker.row
---@param what? threatlocker.ownership_options
---@param options? threatlocker.call_options
---@return threatlocker.outcome|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:take_ownership(id, what, options) end

--- Lets the Cyber Heroes permit a request to execute that they escalated; any other is refused.
---@param id string|threatlocker.row
---@param what? threatlocker.authorize_options
---@param options? threatlocker.call_options
---@return threatlocker.outcome|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:authorize(id, what, options) end

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

---@class threatlocker.resolve_options
---@field executor? string  the seal must name it; default "playbook"
---@field limits? threatlocker.limits
---@field words? threatlocker.words  those that the prompt was prepared with
---@field max_answer_age? number  seconds, up to 366 days; default 86400
---@field answerer_not_requester? boolean  whoever asked must not decide
---@field request_id? string  a cross-check: the seal must name this request

---@class threatlocker.resolved: threatlocker.outcome
---@field outcome threatlocker.outcome_word|"waiting"|"left"  waiting: not answered yet; left: no act follows from this prompt, a person must look
---@field approval_id integer
---@field request_id? string
---@field answer? "permit"|"reject"|"ignore"|"closed"|"undecided"
---@field label? string  which of several labelled choices was answered
---@field answered_by? string
---@field answered_at? string

--- Reads one prompt and its answer, checks everything afresh, and permits, rejects or ignores once: what a chain does,
--- without a ledger. Calling it again is safe.
---@param soar threatlocker.soar
---@param approval_id integer  the prompt's, in SOAR
---@param options? threatlocker.resolve_options
---@return threatlocker.resolved|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:resolve_prompt(soar, approval_id, options) end

--- Ends the iterators and chains that use the client, too.
function client:close() end
--- Makes later calls fail with the code "cancelled".
function client:cancel() end

---@class threatlocker.soar
local soar = {}

---@class threatlocker.approval_query
---@field status? string  "pending"
---@field type? string  "manual" = prompts and tasks
---@field not_pending? boolean  all but the pending ones
---@field container_id? integer
---@field min_id? integer
---@field started_after? string  ISO UTC time
---@field closed_after? string  ISO UTC time
---@field descending? boolean  newest id first
---@field limit? integer  one request for at most so many records, 1 to 1000

--- Approval records, oldest id first. With `limit` also how many there are: `{ status = "pending", descending = true,
--- limit = 1 }` gives the newest pending one and the number of all.
---@param query? threatlocker.approval_query
---@return table[]|nil, integer|string? count_or_message, threatlocker.code? code, threatlocker.failure? failure
function soar:approvals(query) end

--- One record; with `block_results` its datapaths instead, as SOAR gives them.
---@param id integer
---@param options? { block_results?: boolean }
---@return table|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:approval(id, options) end

--- The same datapaths; without an id as Splunk's page has the call.
---@param id? integer
---@return any|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:block_results(id) end

--- The detail view, without the asset's configuration and token.
---@param id integer
---@return table|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:approval_summary(id) end

--- A live SOAR refuses it: the code is "not_found", the message says so.
---@param body table
---@return table|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:create_approval(body) end

---@param container_id integer
---@return table[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:container_approvals(container_id) end

---@param id integer
---@return table|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:action_run(id) end

--- Rows without result_data.
---@param action_run_id integer
---@return table[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:app_runs(action_run_id) end

--- With result_data.
---@param id integer
---@return table|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:app_run(id) end

---@class threatlocker.container_query
---@field source_data_identifier? string
---@field label? string
---@field name? string
---@field descending? boolean  newest id first
---@field limit? integer  one request for at most so many records, 1 to 1000

---@param query? threatlocker.container_query
---@return table[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:containers(query) end

---@param id integer
---@return table|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:container(id) end

---@class threatlocker.new_container: table
---@field name string
---@field label string
---@field source_data_identifier? string  SOAR makes one container for it: then a lost reply is asked for again

---@class threatlocker.created_container
---@field id integer
---@field created boolean  false: it was there; also where this very call made it and SOAR's reply was lost
---@field artifacts? table
---@field new_artifact_ids? table

--- Members other than those above go to SOAR as they are.
---@param container threatlocker.new_container
---@return threatlocker.created_container|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:create_container(container) end

--- Returns the note's id. The content is Markdown.
---@param container_id integer
---@param title string
---@param content string
---@return integer|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:add_note(container_id, title, content) end

---@class threatlocker.playbook_start: table
---@field container_id integer
---@field playbook_id integer|string  number or "repository/name"
---@field scope? "new"|"all"|integer[]  default "new"
---@field inputs? table|string

--- Queues a run and returns its id. With `inputs_as_text` the inputs go as JSON in a text, as newer pages have it.
---@param run threatlocker.playbook_start
---@param options? { inputs_as_text?: boolean }
---@return integer|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:run_playbook(run, options) end

---@param id integer
---@return table|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:playbook_run(id) end

--- The token is the last part of the prompt's secure_link, and a secret.
---@param token string
---@return table|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:external_prompt(token) end

---@return string|nil version, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:version() end

--- As client:probe().
---@return threatlocker.probe|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function soar:probe() end

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

---@alias threatlocker.on_step fun(counts: threatlocker.counts, failure?: threatlocker.failure): boolean?

---@class threatlocker.run_options
---@field on_step? threatlocker.on_step
---@field signals? boolean  SIGTERM and SIGINT stop the chain, a second one ends the process at once with 128 + its number; both ways the next start settles what was in flight. The handlers before are back when run() returns. One chain of a process at a time

--- Repeats step(), 1 to 30 seconds apart as things move, until on_step returns true (then true), the chain is stopped
--- (then true, "stopped"), or an error comes that trying again does not mend. Retriable errors are handed to on_step.
---@param options? threatlocker.run_options|threatlocker.on_step
---@return true|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function chain:run(options) end

--- Makes a running step end soon and later ones at once, with "cancelled": what is in flight is finished within 8
--- seconds or parked in the ledger, from where the next start settles it. Ends the use of the chain's client and soar.
--- Allowed at any time, within the chain's own step too.
function chain:stop() end

--- The ledger's history, oldest first: who decided what, when, in which prompt, what came of it.
---@param request_id? string|threatlocker.row
---@return threatlocker.history_line[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function chain:history(request_id) end

function chain:close() end

return threatlocker
