#include "app/demo_bureau.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace kaigong::app {
namespace {

using authz::Role;

struct Owner {
    const char* account_name;
    const char* display_name;
    const char* organisation_name;
    const char* credit_code;
};

constexpr std::array kOwners{
    Owner{"school", "孙经办", "杭州市西湖区教育建设中心（示例）", "91330106MA0DEM0133"},
    Owner{"estate", "周经办", "示例置业（杭州）有限公司", "91330105MA0DEM021F"},
    Owner{"factory", "吴经办", "示例精密制造（杭州）有限公司", "91330108MA0DEM03XJ"},
};

/// Firms of the works in the shipped application packages, which confirm their own rows.
constexpr std::array kFirms{
    Owner{"surveyor", "秦经办", "杭州示例勘测设计院有限公司", "91330100MA0DEM128J"},
    Owner{"designer", "尤经办", "浙江样例建筑设计有限公司", "91330102MA0DEM1445"},
    Owner{"road_designer", "许经办", "浙江样例市政规划设计有限公司", "91330000MA0DEM152X"},
    Owner{"builder", "吕经办", "浙江示例建设集团有限公司", "91330000MA0DEM11XD"},
    Owner{"small_builder", "施经办", "样本建工(浙江)有限公司", "91330108MA0DEM179E"},
    Owner{"road_builder", "张经办", "杭州样本市政工程有限公司", "91330105MA0DEM1606"},
    Owner{"resident_engineer", "孔经办", "杭州样例工程监理有限公司", "91330106MA0DEM1364"},
};

struct Officer {
    const char* account_name;
    const char* display_name;
    const char* department;
    const char* department_name;
    Role role;
    Role second_role;
};

constexpr std::array kOfficers{
    Officer{"clerk", "李窗口", "housing", "住房和城乡建设局", Role::acceptance_officer, Role::window_clerk},
    Officer{"housing", "王住建", "housing", "住房和城乡建设局", Role::reviewer, Role::reviewer},
    Officer{"fire", "赵消防", "fire", "消防审查（住建局消防科）", Role::reviewer, Role::reviewer},
    Officer{"civil_defence", "钱人防", "civil_defence", "人民防空办公室", Role::reviewer, Role::reviewer},
    Officer{"planning", "郑规划", "planning", "规划和自然资源局", Role::reviewer, Role::reviewer},
    Officer{"quality", "冯质监", "quality_safety", "建设工程质量安全监督站", Role::reviewer, Role::reviewer},
    Officer{"head", "陈科长", "housing", "住房和城乡建设局", Role::section_head, Role::section_head},
    Officer{"leader", "林局长", "housing", "住房和城乡建设局", Role::deciding_leader, Role::deciding_leader},
    Officer{"certificates", "何证照", "housing", "住房和城乡建设局", Role::certificate_officer,
            Role::certificate_officer},
};

/// Colleagues, so that work can be handed over; in the first region.
constexpr std::array kColleagues{
    Officer{"clerk2", "周窗口", "housing", "住房和城乡建设局", Role::acceptance_officer, Role::window_clerk},
    Officer{"housing2", "孙住建", "housing", "住房和城乡建设局", Role::reviewer, Role::reviewer},
    Officer{"housing3", "吴住建", "housing", "住房和城乡建设局", Role::reviewer, Role::reviewer},
    Officer{"fire2", "褚消防", "fire", "消防审查（住建局消防科）", Role::reviewer, Role::reviewer},
    Officer{"fire_head", "卫科长", "fire", "消防审查（住建局消防科）", Role::section_head, Role::section_head},
    Officer{"leader2", "蒋副局长", "housing", "住房和城乡建设局", Role::deciding_leader, Role::deciding_leader},
};

struct Region {
    const char* region_code;
    const char* suffix;
    const char* name;
};

constexpr std::array kRegions{Region{"330106", "", "西湖区"}, Region{"330105", "_gongshu", "拱墅区"},
                              Region{"330108", "_binjiang", "滨江区"}, Region{"330109", "_xiaoshan", "萧山区"}};

Result<void> make(identity::Identity& identity, const identity::Account& account, std::int64_t now_ms) {
    const auto made = identity.create({account, kDemoPassword}, now_ms);
    if (made || made.error().reason == "identity.account_name_taken") return {};
    return made.error();
}

Result<void> make_owners(identity::Identity& identity, std::span<const Owner> owners, std::int64_t now_ms) {
    for (const auto& owner : owners) {
        identity::Account account;
        account.account_name = owner.account_name;
        account.display_name = owner.display_name;
        account.kind = authz::AccountKind::owner_agent;
        account.organisation_name = owner.organisation_name;
        account.credit_code = owner.credit_code;
        account.roles = {Role::owner_agent};
        KAIGONG_CHECK(make(identity, account, now_ms));
    }
    return {};
}

Result<void> make_officers(identity::Identity& identity, const Region& region, std::span<const Officer> officers,
                           std::int64_t now_ms) {
    for (const auto& officer : officers) {
        identity::Account account;
        account.account_name = std::string(officer.account_name) + region.suffix;
        account.display_name = officer.display_name;
        account.kind = authz::AccountKind::officer;
        account.organisation_name = std::string("杭州市") + region.name;
        account.department = officer.department;
        account.department_name = officer.department_name;
        account.region_code = region.region_code;
        account.roles = {officer.role};
        if (officer.second_role != officer.role) account.roles.push_back(officer.second_role);
        KAIGONG_CHECK(make(identity, account, now_ms));
    }
    return {};
}

/// A catalogue may name departments that nobody above works in: each gets somebody who reviews and a head.
Result<void> make_officers_of_others(identity::Identity& identity, const Departments& departments,
                                     std::int64_t now_ms) {
    for (const auto& [department, department_name] : departments) {
        if (std::ranges::any_of(kOfficers, [&](const Officer& one) { return one.department == department; })) continue;
        const auto head = department + "_head";
        const auto reviewer_name = department_name + "经办";
        const auto head_name = department_name + "科长";
        const std::array people{Officer{department.c_str(), reviewer_name.c_str(), department.c_str(),
                                        department_name.c_str(), Role::reviewer, Role::reviewer},
                                Officer{head.c_str(), head_name.c_str(), department.c_str(), department_name.c_str(),
                                        Role::section_head, Role::section_head}};
        KAIGONG_CHECK(make_officers(identity, kRegions.front(), people, now_ms));
    }
    return {};
}

identity::Account administrator(const char* name, const char* display_name, Role role,
                                const char* department_name = "") {
    identity::Account account;
    account.account_name = name;
    account.display_name = display_name;
    account.kind = authz::AccountKind::administrator;
    account.organisation_name = "开工演示机构";
    account.department_name = department_name;
    account.roles = {role};
    return account;
}

std::vector<std::string> demo_account_names() {
    std::vector<std::string> names{"admin", "security", "audit", "rules", "legal"};
    for (const auto& owner : kOwners) names.emplace_back(owner.account_name);
    for (const auto& firm : kFirms) names.emplace_back(firm.account_name);
    for (const auto& officer : kOfficers) names.emplace_back(officer.account_name);
    for (const auto& officer : kColleagues) names.emplace_back(officer.account_name);
    return names;
}

}  // namespace

Result<void> refuse_demo_accounts(identity::IdentityOffice& identity) {
    KAIGONG_TRY(found, identity.accounts_with_password(demo_account_names(), kDemoPassword));
    if (found.empty()) return {};
    std::string names;
    for (const auto& name : found) names += (names.empty() ? "" : "、") + name;
    return error(Errc::conflict, "app.demo_accounts",
                 "账号 " + names + " 仍在使用演示机构公开的密码，正式机构不能启动。请先停用或改密码。");
}

Result<void> make_demo_accounts(identity::Identity& identity, const Departments& departments, std::int64_t now_ms) {
    KAIGONG_CHECK(make_owners(identity, kOwners, now_ms));
    KAIGONG_CHECK(make_owners(identity, kFirms, now_ms));
    for (const auto& region : kRegions) KAIGONG_CHECK(make_officers(identity, region, kOfficers, now_ms));
    KAIGONG_CHECK(make_officers(identity, kRegions.front(), kColleagues, now_ms));
    KAIGONG_CHECK(make_officers_of_others(identity, departments, now_ms));
    KAIGONG_CHECK(make(identity, administrator("admin", "系统管理员", Role::system_admin), now_ms));
    KAIGONG_CHECK(make(identity, administrator("security", "安全管理员", Role::security_admin), now_ms));
    KAIGONG_CHECK(make(identity, administrator("rules", "陈可", Role::rule_admin, "行政审批科"), now_ms));
    KAIGONG_CHECK(make(identity, administrator("legal", "沈砚", Role::rule_admin, "法规科"), now_ms));
    return make(identity, administrator("audit", "审计管理员", Role::audit_admin), now_ms);
}

}  // namespace kaigong::app
