# Writes a C++ source that holds the text of every migration file: -DOUTPUT=… "-DFILES=a.sql;b.sql".
# A file is <module>/migrations/<number>_<name>.sql, or ….sqlite.sql / ….mariadb.sql for one database only.
set(rows "")
set(sorted ${FILES})
list(SORT sorted)
foreach(file ${sorted})
    string(REGEX MATCH "([^/]+)/migrations/0*([0-9]+)_([a-z0-9_]+)(\\.(sqlite|mariadb))?\\.sql$" matched "${file}")
    if(NOT matched)
        message(FATAL_ERROR "${file}: a migration is named 0001_what_it_does.sql, or with .sqlite.sql or .mariadb.sql")
    endif()
    set(module ${CMAKE_MATCH_1})
    set(number ${CMAKE_MATCH_2})
    set(name ${CMAKE_MATCH_3})
    set(only "std::nullopt")
    if(CMAKE_MATCH_5)
        set(only "DatabaseKind::${CMAKE_MATCH_5}")
    endif()
    file(READ "${file}" text)
    string(APPEND rows "    {\"${module}\", ${number}, \"${name}\", ${only}, R\"migration(${text})migration\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "// Made by db/embed_migrations.cmake from the .sql files; not to be edited.
#include <vector>

#include \"db/migrations.hpp\"

namespace kaigong::db {

std::span<const Migration> embedded_migrations() {
    static const std::vector<Migration> kMigrations{
${rows}    };
    return kMigrations;
}

}  // namespace kaigong::db
")
