// admin: what a production bureau needs before anybody can sign in: its key file and its first accounts.
#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <cctype>
#include <iostream>

#include "app/bureau.hpp"
#include "app/demo_bureau.hpp"
#include "app/keys.hpp"
#include "app/serve_settings.hpp"
#include "app/signing_folder.hpp"
#include "app/verbs.hpp"
#include "formats/identifier/identifier.hpp"

namespace kaigong::app {
namespace {

constexpr std::size_t kNameMax = 60;

/// Never from the command line, where every user of the machine could read it: a file, or the first line of stdin.
Result<std::string> read_password(const Arguments& arguments) {
    const auto file = option(arguments, "--password-file");
    std::string password;
    if (file.empty()) {
        std::getline(std::cin, password);
    } else {
        KAIGONG_TRY(text, text_or_file("@" + file));
        password = text.substr(0, text.find('\n'));
    }
    if (password.ends_with('\r')) password.pop_back();
    if (password.empty()) {
        return invalid_field("password", "app.password_missing",
                             "没有读到密码：请从标准输入给出一行密码，或用 --password-file 指明文件。");
    }
    if (password == kDemoPassword) {
        return invalid_field("password", "identity.password_weak", "这是演示机构公开的密码，请换一个。");
    }
    return password;
}

authz::AccountKind kind_of(authz::Role role) {
    switch (role) {
        case authz::Role::owner_agent: return authz::AccountKind::owner_agent;
        case authz::Role::system_admin:
        case authz::Role::security_admin:
        case authz::Role::audit_admin:
        case authz::Role::rule_admin: return authz::AccountKind::administrator;
        default: return authz::AccountKind::officer;
    }
}

Error missing(const char* option_name, const char* why) {
    return invalid_field(option_name, "app.option_missing", fmt::format("请用 {} 写明{}。", option_name, why));
}

/// What each kind of account must have: an officer without a region, or an agent without a company, would see nothing.
Result<void> check_complete(const identity::Account& account) {
    if (account.account_name.empty() || account.account_name.size() > kNameMax) {
        return missing("--account", "登录用的账号名（最多 60 个字符）");
    }
    if (account.display_name.empty()) return missing("--display-name", "姓名");
    if (account.kind == authz::AccountKind::officer) {
        if (account.department.empty()) return missing("--department", "部门代码（例如 housing）");
        if (account.region_code.empty()) return missing("--region", "六位行政区划代码");
    }
    if (account.kind == authz::AccountKind::owner_agent) {
        if (account.organisation_name.empty()) return missing("--organisation", "单位名称");
        if (!identifier::credit_code_valid(account.credit_code)) {
            return missing("--credit-code", "正确的 18 位统一社会信用代码");
        }
    }
    return {};
}

Result<identity::Account> read_account(const Arguments& arguments) {
    const auto role = authz::parse_role(option(arguments, "--role"));
    if (!role || *role == authz::Role::system) {
        return missing("--role",
                       "岗位：system_admin、security_admin、audit_admin、rule_admin、window_clerk、acceptance_officer、"
                       "reviewer、section_head、deciding_leader、certificate_officer 或 owner_agent");
    }
    identity::Account account;
    account.account_name = option(arguments, "--account");
    std::ranges::transform(account.account_name, account.account_name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    account.display_name = option(arguments, "--display-name");
    account.kind = kind_of(*role);
    account.organisation_name = option(arguments, "--organisation");
    account.credit_code = option(arguments, "--credit-code");
    account.department = option(arguments, "--department");
    account.department_name = option(arguments, "--department-name", account.department);
    account.region_code = option(arguments, "--region");
    account.roles = {*role};
    KAIGONG_CHECK(check_complete(account));
    return account;
}

Result<identity::Account> add(const Arguments& arguments) {
    KAIGONG_TRY(account, read_account(arguments));
    KAIGONG_TRY(password, read_password(arguments));
    KAIGONG_TRY(settings, read_settings(arguments));
    KAIGONG_TRY(bureau, Bureau::open(settings.bureau));
    return bureau->identity().create({account, password}, bureau->clock().now_ms());
}

/// The keys, certificates and seals to begin with; the catalogue says for which authorities.
Result<void> make_signing_keys(const Arguments& arguments, const std::string& folder) {
    const auto origin = option(arguments, "--origin");
    if (origin.empty()) {
        return missing("--origin",
                       "存证日志的名字（不带 https:// 的网址，例如 permits.example.gov.cn/ledger，以后不能改）");
    }
    const auto organisation = option(arguments, "--organisation");
    if (organisation.empty()) return missing("--organisation", "签名证书上的单位名称");
    KAIGONG_TRY(settings, read_settings(arguments));
    const auto& bureau = settings.bureau;
    if (bureau.signing_passphrase.empty()) {
        return invalid_field("signing.passphrase", "app.passphrase_missing",
                             "请先在配置里写 signing.passphrase_file，或设环境变量 KAIGONG_SIGNING_PASSPHRASE_FILE。");
    }
    KAIGONG_TRY(ring, load_keys(bureau.key_file, false));
    KAIGONG_TRY(authorities, catalog::read_authorities(bureau.catalog_folder));
    return make_signing_folder(
        folder, {origin, bureau.signing_passphrase, organisation, authorities, "试用印章", SystemClock().now_ms()},
        ring);
}

/// The running server takes it by itself; which key is current where, the page of the keys says.
int rotate_keys(const Arguments& arguments) {
    const auto settings = read_settings(arguments);
    if (!settings) return refuse(settings.error());
    const auto key_id = add_key(settings->bureau.key_file);
    if (!key_id) return refuse(key_id.error());
    fmt::print(
        "密钥文件 {} 里加了新密钥 {}。正在运行的服务几秒内采用它，并在后台把已有内容改用它加密；"
        "几台机器共用一个数据库时，请把同一份密钥文件复制到每一台，都有了才会启用。请立即备份密钥文件。\n",
        settings->bureau.key_file.string(), *key_id);
    return kDone;
}

int retire_key(const Arguments& arguments, const std::string& key_id) {
    const auto settings = read_settings(arguments);
    if (!settings) return refuse(settings.error());
    const auto bureau = Bureau::open(settings->bureau);
    if (!bureau) return refuse(bureau.error());
    const auto retired = (*bureau)->key_keeper().retire(key_id);
    if (!retired) return refuse(retired.error());
    fmt::print(
        "密钥 {} 已停用：密钥文件里只留下核对已印出证照的部分。它以前的备份仍能打开以前的数据库备份，请一并保管。\n",
        key_id);
    return kDone;
}

int forget_machine(const Arguments& arguments, const std::string& holder) {
    const auto settings = read_settings(arguments);
    if (!settings) return refuse(settings.error());
    const auto bureau = Bureau::open(settings->bureau);
    if (!bureau) return refuse(bureau.error());
    const auto forgotten = (*bureau)->key_keeper().forget_holder(holder);
    if (!forgotten) return refuse(forgotten.error());
    fmt::print("机器 {} 已除名：换密钥和停用密钥不再等它。它的签章文件夹如果还在，请先用现在的密钥文件在别处打开。\n",
               holder);
    return kDone;
}

}  // namespace

int admin(const Arguments& arguments) {
    const auto words = positional(arguments, {"--json", "--demo"});
    if (words.size() == 2 && words[0] == "make-keys") {
        const auto made = make_keys(words[1]);
        return made ? kDone : refuse(made.error());
    }
    if (words.size() == 2 && words[0] == "make-signing-keys") {
        const auto made = make_signing_keys(arguments, words[1]);
        return made ? kDone : refuse(made.error());
    }
    if (words.size() == 1 && words[0] == "rotate-keys") return rotate_keys(arguments);
    if (words.size() == 2 && words[0] == "retire-key") return retire_key(arguments, words[1]);
    if (words.size() == 2 && words[0] == "forget-machine") return forget_machine(arguments, words[1]);
    if (words.size() != 1 || words[0] != "add") {
        fmt::print(stderr,
                   "admin add --account NAME --display-name NAME --role ROLE …\nadmin make-keys FILE\n"
                   "admin rotate-keys [--config FILE]\nadmin retire-key KEY [--config FILE]\n"
                   "admin forget-machine NAME [--config FILE]\n"
                   "admin make-signing-keys FOLDER --origin NAME --organisation NAME [--config FILE]\n");
        return kWrongUse;
    }
    const auto added = add(arguments);
    if (!added) return refuse(added.error());
    if (flag(arguments, "--json")) {
        fmt::print("{}\n", boost::json::serialize(boost::json::object{{"account_id", added->account_id.text},
                                                                      {"account_name", added->account_name}}));
    } else {
        fmt::print("账号 {} 已建立。\n", added->account_name);
    }
    return kDone;
}

}  // namespace kaigong::app
