// What the authority decides as data: kinds of permit (matters) with form, materials, rules, process and templates,
// each version immutable; calendars, divisions and authorities. A second kind of permit is a folder, not C++.
#pragma once

#include <boost/json.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "authz/permissions.hpp"
#include "base/civil_date.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "db/database.hpp"
#include "engine/bpmn/bpmn.hpp"
#include "engine/calendar/calendar.hpp"
#include "events/outbox.hpp"
#include "http/router.hpp"
#include "modules/audit/audit.hpp"
#include "modules/catalog/form_schema.hpp"
#include "modules/catalog/invited_parts.hpp"
#include "modules/identity/identity.hpp"

namespace kaigong::catalog {

/// One department's part of an application (部门事项).
struct Item {
    std::string item;
    std::string name;
    std::string department;
    std::string department_name;
    std::string legal_basis;
    /// The department's own time within the whole; where matter.json gives none, the whole.
    int working_days = 0;
    /// Items that must be concluded before this one can be judged.
    std::vector<std::string> prerequisites;
};

/// A day on which one authority alone does not work, or works although the country does not (本地工作日).
struct LocalDay {
    CivilDate on;
    std::string name;
    bool working = false;
    std::string document;  ///< of the local government that fixed a day off
};

/// What an authority decides for itself, beside what the kind of permit and the country's calendar say.
struct AuthoritySettings {
    /// By matter; counts for those below it too that promise nothing of their own.
    std::map<std::string, int> promised_working_days;
    /// Nobody below it may promise longer than it did.
    bool promise_binds_area = false;
    std::vector<LocalDay> days;

    bool operator==(const AuthoritySettings& other) const;
};

struct Authority {
    std::string region_code;
    std::string name;
    std::string short_name;  ///< begins a letter's number: 「西住建」
    std::string credit_code;
    std::string phone;
    std::string address;
    std::string reconsideration_body;
    std::string court;
    std::vector<std::string> region_codes;  ///< where it may issue; none: it supervises those below it
    std::string parent;                     ///< region of the authority above it; empty at the top
    AuthoritySettings settings;             ///< as the folder has them
};

/// A material of the published list, and how this application stands to it.
struct MaterialState {
    std::string material_code;
    std::string name;
    std::optional<bool> required;  ///< nothing: its rule could not be computed
    std::string proved_by;         ///< file, register, commitment, generated; empty: nothing yet
    bool may_commit = false;
    bool committed = false;
    bool generated = false;
    int pages_max = 0;
    std::vector<std::string> formats;
    std::string legal_basis;
};

/// A value that a condition read; of a personal value only that it was read.
struct FindingRead {
    std::string path;         ///< `works.floor_area_m2_hundredths`
    std::string value_text;   ///< as FEEL writes it; empty for a personal value
    std::string null_reason;  ///< why there is no value; empty where there is one, or none was given
};

/// One condition of a rule: what it says, what came out, and what it read.
struct ExplanationLine {
    std::string part;  ///< applies, unchecked, fails
    std::string expression;
    std::string value_text;
    std::vector<FindingRead> reads;
};

/// Pre-check result. It never prevents filing (design §5); `unchecked` is neither pass nor fail.
struct Finding {
    std::string rule;
    std::string outcome;   ///< fail, unchecked (pass is counted, not listed)
    std::string severity;  ///< block, warn, info
    std::string audience;  ///< applicant, officer, leader
    std::string leads_to;  ///< outcome that an officer may confirm; may be empty
    std::string title;
    std::string message;
    std::string remedy;
    std::string legal_basis;
    bool basis_confirmed = false;
    std::vector<std::string> fields;
    std::vector<std::string> evidence;  ///< material codes
    /// Why, for those who ask; without personal values.
    std::vector<ExplanationLine> explanation;
};

/// As every page shows it: `RuleExplanationLine` of openapi.yaml.
boost::json::array explanation_json(const std::vector<ExplanationLine>& lines);

struct FindingCounts {
    int fail = 0;
    int unchecked = 0;
    int pass = 0;
};

struct Precheck {
    std::vector<Finding> findings;
    FindingCounts counts;
    std::vector<MaterialState> materials;
    std::vector<std::string> required_items;
};

/// What the rules see beside the form.
struct PrecheckInput {
    boost::json::object form;
    CivilDate today;
    int round = 1;
    std::string applicant_credit_code;
    /// Who applies for himself: the owner's ID number in the form is the one that his account was opened with.
    bool applicant_is_owner_himself = false;
    std::string region_code;             ///< of the authority asked; empty: that of the form
    std::vector<std::string> committed;  ///< material codes
    struct File {
        std::string material_code;
        std::string file_name;
        std::string sha256;
    };
    std::vector<File> files;
    std::vector<std::string> changed_fields;
    boost::json::array correction_points;  ///< [{answered, withdrawn, field}]
};

/// What a register of another authority says about a case.
struct RegisterAnswer {
    std::string status = "unavailable";  ///< ok, not_found, unavailable
    std::int64_t as_of_at_ms = 0;        ///< when it was true; 0: nobody knows
    std::string source;                  ///< who said so
    boost::json::object facts;           ///< what rules read beside the status
};

/// External look-ups. Declared here, answered by connectors, wired in app. An answer comes from memory: the pre-check
/// runs while somebody types.
class RegisterSource {
  public:
    RegisterSource() = default;
    RegisterSource(const RegisterSource&) = delete;
    RegisterSource& operator=(const RegisterSource&) = delete;
    virtual ~RegisterSource() = default;
    virtual RegisterAnswer ask(const std::string& name, const PrecheckInput& input) const = 0;
};

/// What an applicant changed from one round to the next.
struct InputChanges {
    std::vector<std::string> fields;     ///< paths in the form, with the numbers of rows: `participants[1].lead.name`
    std::vector<std::string> materials;  ///< codes of papers that came, went or were replaced

    /// The field itself, something in it, or what it is in; row numbers do not count.
    bool touch_field(std::string_view path) const;
    bool touch_material(std::string_view code) const;
};

struct ChangedInput {
    bool is_material = false;
    std::string path;   ///< of the field, or the code of the material
    std::string label;  ///< as people read it; never a value
    bool is_personal = false;
};

/// What changed of all that one item's department judges; nothing where it need not look again.
struct ItemChange {
    std::string item;
    std::vector<ChangedInput> inputs;
};

struct CodeEntry {
    std::string code;
    std::string name;
};

/// One version of one kind of permit. Immutable; any thread.
class Matter {
  public:
    Matter() = default;
    Matter(const Matter&) = delete;
    Matter& operator=(const Matter&) = delete;
    virtual ~Matter() = default;

    virtual const std::string& matter_code() const = 0;
    virtual const std::string& name() const = 0;
    virtual const std::string& version() const = 0;
    /// The first day on which this version is offered.
    virtual const std::string& effective_from_on() const = 0;
    virtual int statutory_working_days() const = 0;
    virtual int promised_working_days() const = 0;
    virtual int intake_working_days() const = 0;
    /// matter.json as published: number rule, conditions, display paths.
    virtual const boost::json::object& settings() const = 0;
    virtual const boost::json::object& form_schema() const = 0;
    virtual const boost::json::object& layout() const = 0;
    virtual const boost::json::object& code_tables() const = 0;
    /// materials.json as published.
    virtual const boost::json::array& material_list() const = 0;
    virtual const std::vector<Item>& items() const = 0;
    virtual const bpmn::Definition& process() const = 0;
    virtual const std::string& process_xml() const = 0;
    /// The JSON of `letters/<kind>.json`, `certificate.json`, `clauses.json`; nothing where the kind has none.
    virtual const boost::json::object* find_template(const std::string& name) const = 0;
    /// Name of a code in a code table, or the code itself.
    virtual std::string code_name(const std::string& table, const std::string& code) const = 0;
    /// JSON paths (with `[]`) of personal values: what the codec encrypts.
    virtual const std::vector<std::string>& personal_paths() const = 0;
    /// The same paths with the kind of each: `name`, `id_number`, `phone`, `account`; empty where the form's schema
    /// does not say. What is masked for whom goes by it.
    virtual const std::map<std::string, std::string>& personal_kinds() const = 0;
    /// Required-ness is a finding, never this. Fails with catalog.form_invalid.
    virtual Result<void> check_form(const boost::json::object& form, Strictness strictness) const = 0;
    /// One of the display values that matter.json names by FEEL over the form: `works_name`, `owner_name`, `region`,
    /// `owner_credit_code`, `works_address` …; empty where the form does not give it yet.
    virtual std::string text_at(const boost::json::object& form, const std::string& setting) const = 0;
    /// What the authority makes public of a permit (行政许可法 40), as matter.json names it under `public_record`:
    /// texts ready for people, and lists of objects of texts. Goes onto the certificate and the public page.
    virtual boost::json::object public_record(const boost::json::object& form) const = 0;
    /// Runs the rules, the material list and the items' conditions. Never fails: what can't be computed is unchecked.
    virtual Precheck precheck(const PrecheckInput& input) const = 0;
    /// Which of the changes concern which department's item (states.md I6), in the order of the items.
    virtual std::vector<ItemChange> item_changes(const InputChanges& changes) const = 0;
};

class VersionBook;
class CalendarBook;
class AuthorityTree;

/// The days of one authority, where they are not the country's.
struct LocalCalendar {
    /// With the days off that its local government fixed: what every period is counted by.
    calendar::Calendar days;
    /// With the days too on which it works more. Only its own promise is counted by them: what an applicant has time
    /// for does not become shorter because an office is open.
    calendar::Calendar promise_days;
    /// Of the publication in force.
    std::int64_t number = 0;
};

/// The calendar that the office counts by. Immutable: whoever holds one goes on counting by it while the next is made.
struct OfficeCalendar {
    /// Of the whole country; a case is counted by `days_in` its region.
    calendar::Calendar days;
    /// Of the publication that changed it last; grows with each.
    std::int64_t number = 0;
    /// Years that are published, and the number of each one's publication in force.
    std::map<int, std::int64_t> published;
    /// By the region of a case.
    std::map<std::string, LocalCalendar> local;

    const calendar::Calendar& days_in(const std::string& region_code) const;
    const calendar::Calendar& promise_days_in(const std::string& region_code) const;
};

class Catalog {
  public:
    Catalog() = default;
    Catalog(const Catalog&) = delete;
    Catalog& operator=(const Catalog&) = delete;
    virtual ~Catalog() = default;

    /// The versions in force today, in the order of the list of matters. A version whose day has not come is not among
    /// them: until then the one before it is offered, or none where it is the first.
    virtual std::vector<std::shared_ptr<const Matter>> matters() const = 0;
    /// The version in force. Fails with catalog.matter_unknown.
    virtual Result<std::shared_ptr<const Matter>> load_matter(const std::string& matter_code) const = 0;
    /// The version an application was started with. Fails with catalog.version_unknown.
    virtual Result<std::shared_ptr<const Matter>> load_matter(const std::string& matter_code,
                                                              const std::string& version) const = 0;
    /// Looks for versions that were published or withdrawn since, here or by another process on the same database.
    virtual Result<void> refresh() = 0;
    /// For this module's own rule packages.
    virtual const VersionBook& versions() const = 0;
    /// The calendar in force; keep it for as long as one piece of work counts by it. Never empty.
    virtual std::shared_ptr<const OfficeCalendar> calendar() const = 0;
    /// The same, of that publication or a later one: another process may have just made it.
    virtual Result<std::shared_ptr<const OfficeCalendar>> calendar_since(std::int64_t number) const = 0;
    /// For this module's own calendar pages.
    virtual const CalendarBook& calendar_years() const = 0;
    virtual std::vector<http::Endpoint> routes() = 0;
    virtual const Authority* find_authority(const std::string& region_code) const = 0;
    virtual std::string region_name(const std::string& region_code) const = 0;
    /// Who may issue, each once.
    virtual const std::vector<Authority>& authorities() const = 0;
    /// All of them, also those that only supervise.
    virtual const AuthorityTree& authority_tree() const = 0;
    /// 承诺时限 in that region today: the matter's own, or what the authority or those above it promise, never longer.
    /// A case that runs keeps the one of its filing.
    virtual int promised_working_days(const Matter& matter, const std::string& region_code) const = 0;
    /// Where an authority of this installation works; the regions that lists run over.
    virtual std::vector<std::string> regions_with_authority() const = 0;
};

/// Reads the folder `catalog/`, keeps each version that is new in the database, and serves the newest from the day on
/// which it takes effect by `clock`, the office's. Matters need matter.json and the files it names. Database, clock and
/// registers must live longer. Fails with catalog.folder_unreadable, catalog.matter_malformed (which file, what),
/// catalog.matter_twice (two folders with one matter_code).
Result<std::unique_ptr<Catalog>> open_catalog(db::Database& database, const std::filesystem::path& folder,
                                              const Clock& clock, const RegisterSource& registers);

/// The authorities of a catalogue folder that may issue, without a database. Fails with catalog.folder_unreadable,
/// catalog.authorities_malformed.
Result<std::vector<Authority>> read_authorities(const std::filesystem::path& folder);

/// Cases that only who is cleared may know (限制知悉). Declared here, answered by approval, wired in app.
class RestrictedCases {
  public:
    RestrictedCases() = default;
    RestrictedCases(const RestrictedCases&) = delete;
    RestrictedCases& operator=(const RestrictedCases&) = delete;
    virtual ~RestrictedCases() = default;

    /// Ids of those that are restricted now.
    virtual Result<std::vector<std::string>> of_matter(const std::string& matter_code) = 0;
};

/// A case as it was filed last.
struct PastCase {
    std::string application_id;
    std::string application_number;
    std::string works_name;
    std::string owner_name;
    std::string submitted_on;
    PrecheckInput input;
};

/// Filed cases, for trying changed rules on them. Declared here, answered by applications, wired in app.
class PastCases {
  public:
    PastCases() = default;
    PastCases(const PastCases&) = delete;
    PastCases& operator=(const PastCases&) = delete;
    virtual ~PastCases() = default;

    virtual Result<std::int64_t> count(const std::string& matter_code, std::int64_t since_ms) = 0;
    /// In the order of their ids, after `after` (empty: from the beginning), at most `limit`; fewer: the end.
    virtual Result<std::vector<PastCase>> page(const std::string& matter_code, std::int64_t since_ms,
                                               const std::string& after, int limit) = 0;
};

/// A case as officers worked on it: what it began with, and how each of its tasks ended, in order.
struct PastProcedure {
    struct Step {
        std::string element;
        std::string outcome;
    };
    std::string application_id;
    std::string application_number;
    std::string works_name;
    std::string owner_name;
    std::string submitted_on;
    std::int64_t begun_at_ms = 0;
    boost::json::object variables;
    std::vector<Step> steps;
};

/// The same for trying changed processes. Declared here, answered by approval, wired in app.
class PastProcedures {
  public:
    PastProcedures() = default;
    PastProcedures(const PastProcedures&) = delete;
    PastProcedures& operator=(const PastProcedures&) = delete;
    virtual ~PastProcedures() = default;

    virtual Result<std::int64_t> count(const std::string& matter_code, std::int64_t since_ms) = 0;
    /// In the order of their ids, after `after` (empty: from the beginning), at most `limit`; fewer: the end.
    virtual Result<std::vector<PastProcedure>> page(const std::string& matter_code, std::int64_t since_ms,
                                                    const std::string& after, int limit) = 0;
};

/// What a process must keep to beyond BPMN, because officers work by it. Declared here, answered by approval.
class ProcessRules {
  public:
    ProcessRules() = default;
    ProcessRules(const ProcessRules&) = delete;
    ProcessRules& operator=(const ProcessRules&) = delete;
    virtual ~ProcessRules() = default;

    /// Tasks that nobody could do, outcomes without a way, events that no state table has, jobs that nobody does.
    virtual std::vector<bpmn::Problem> check(const bpmn::Definition& process) const = 0;
    /// What the program itself writes into the variables of a case of that process.
    virtual std::vector<std::string> variables_of(const bpmn::Definition& process) const = 0;
};

/// Rule packages (规则包) or process packages (流程包): drafts, checks, previews, publication by two persons.
/// Everything goes through its routes.
class Packages {
  public:
    Packages() = default;
    Packages(const Packages&) = delete;
    Packages& operator=(const Packages&) = delete;
    virtual ~Packages() = default;

    /// Begins the background work of previews; those that an earlier run of the program left unfinished are failed.
    virtual void start() = 0;
    /// Returns when the work has ended; a preview that runs is failed.
    virtual void stop() = 0;
    virtual std::vector<http::Endpoint> routes() = 0;
};

/// What rule packages are made of; everything must live longer.
struct RulePackageParts {
    db::Database& database;
    /// The office's clock: days on which versions begin.
    const Clock& clock;
    /// For the progress of previews, also where a demo's clock jumps.
    const Clock& machine_clock;
    const authz::Permissions& permissions;
    Catalog& catalog;
    identity::Identity& identity;
    audit::Audit& audit;
    PastCases& past_cases;
    RestrictedCases& restricted_cases;
};
std::unique_ptr<Packages> make_rule_packages(RulePackageParts parts);

struct ProcessPackageParts {
    db::Database& database;
    const Clock& clock;
    const Clock& machine_clock;
    const authz::Permissions& permissions;
    Catalog& catalog;
    identity::Identity& identity;
    audit::Audit& audit;
    PastProcedures& past_procedures;
    const ProcessRules& process_rules;
    RestrictedCases& restricted_cases;
};
std::unique_ptr<Packages> make_process_packages(ProcessPackageParts parts);

/// A case that runs by the calendar, as an administrator of the calendar sees it.
struct DatedCase {
    std::string application_id;
    std::string application_number;
    std::string works_name;
    std::string state_name;
    /// Empty: there is no such day, because the clock stands still or that part is over.
    std::string intake_due_on;
    std::string due_on;
    std::string promised_due_on;
    bool provisional = false;
};

struct DatedCases {
    std::vector<DatedCase> cases;
    /// Where the next page begins; nothing at the end.
    std::optional<std::string> next;
};

/// What another calendar would make of some running cases.
struct CalendarEffect {
    struct Change {
        DatedCase before;
        DatedCase after;
    };
    int looked_at = 0;
    std::vector<Change> changes;
    std::optional<std::string> next;
};

/// Cases that run, as far as who asks may know them. Declared here, answered by approval, wired in app.
class RunningCases {
  public:
    RunningCases() = default;
    RunningCases(const RunningCases&) = delete;
    RunningCases& operator=(const RunningCases&) = delete;
    virtual ~RunningCases() = default;

    /// At most `count_max`.
    virtual Result<std::int64_t> count_running(const authz::Actor& actor, std::int64_t count_max) = 0;
    virtual Result<std::int64_t> count_provisional(const authz::Actor& actor, std::int64_t count_max) = 0;
    /// How many still stand as an earlier calendar than this publication's made them.
    virtual Result<std::int64_t> count_outdated(const authz::Actor& actor, std::int64_t number,
                                                std::int64_t count_max) = 0;
    /// Those with a day that hangs on a year that is not published, in the order of their ids, after `after`.
    virtual Result<DatedCases> provisional(const authz::Actor& actor, const std::string& after, int limit) = 0;
    /// Looks at the next `limit` running cases after `after` and says which days would move.
    virtual Result<CalendarEffect> effect_of(const authz::Actor& actor, const OfficeCalendar& other,
                                             const std::string& after, int limit) = 0;
};

/// The calendar as officers read it and an administrator publishes it (放假安排). Everything goes through its routes.
class CalendarOffice {
  public:
    CalendarOffice() = default;
    CalendarOffice(const CalendarOffice&) = delete;
    CalendarOffice& operator=(const CalendarOffice&) = delete;
    virtual ~CalendarOffice() = default;

    virtual std::vector<http::Endpoint> routes() = 0;
};

/// Authorities as a tree (机关), for who administers an area: what each has promised and on which days it works.
/// Everything goes through its routes.
class AuthorityOffice {
  public:
    AuthorityOffice() = default;
    AuthorityOffice(const AuthorityOffice&) = delete;
    AuthorityOffice& operator=(const AuthorityOffice&) = delete;
    virtual ~AuthorityOffice() = default;

    virtual std::vector<http::Endpoint> routes() = 0;
};

/// What the calendar's and the authorities' offices are made of; everything must live longer.
struct CalendarOfficeParts {
    db::Database& database;
    const Clock& clock;
    const authz::Permissions& permissions;
    Catalog& catalog;
    identity::Identity& identity;
    audit::Audit& audit;
    const events::Outbox& outbox;
    RunningCases& running_cases;
};
std::unique_ptr<CalendarOffice> make_calendar_office(CalendarOfficeParts parts);
std::unique_ptr<AuthorityOffice> make_authority_office(CalendarOfficeParts parts);

/// The module's lines of the authorisation table.
std::span<const authz::Grant> permissions();

/// Every department that a matter in force names: code → name.
std::map<std::string, std::string> department_names(const Catalog& catalog);

}  // namespace kaigong::catalog
