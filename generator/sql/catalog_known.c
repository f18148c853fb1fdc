/*
 * catalog_known.c: see catalog_known.h.
 */
#include "catalog_known.h"

#include <string.h>

struct known {
    const char *table; /* as GLOB has it */
    const char *column;
    unsigned classes;
    bool not_null;
};

static const struct known columns[] = {
    {"json_[et]*", "key", CLASS_INTEGER | CLASS_TEXT, false},
    {"json_[et]*", "type", CLASS_TEXT, true},
    {"json_[et]*", "value", CLASS_NUMBER | CLASS_TEXT, false},
    {"json_[et]*", "atom", CLASS_NUMBER | CLASS_TEXT, false},
    {"json_[et]*", "id", CLASS_INTEGER, true},
    {"json_[et]*", "parent", CLASS_INTEGER, false},
    {"json_[et]*", "fullkey", CLASS_TEXT, true},
    {"json_[et]*", "path", CLASS_TEXT, true},
    {"json_[et]*", "json", CLASS_TEXT, false},

    {"sqlite_*schema", "type", CLASS_TEXT, true},
    {"sqlite_*schema", "name", CLASS_TEXT, true},
    {"sqlite_*schema", "tbl_name", CLASS_TEXT, true},
    {"sqlite_*schema", "rootpage", CLASS_INTEGER, true},

    {"pragma_table_*info", "cid", CLASS_INTEGER, true},
    {"pragma_table_*info", "name", CLASS_TEXT, true},
    {"pragma_table_*info", "type", CLASS_TEXT, true},
    {"pragma_table_*info", "notnull", CLASS_INTEGER, true},
    {"pragma_table_*info", "dflt_value", CLASS_TEXT, false},
    {"pragma_table_*info", "pk", CLASS_INTEGER, true},
    {"pragma_table_*info", "hidden", CLASS_INTEGER, true},

    {"pragma_table_list", "schema", CLASS_TEXT, true},
    {"pragma_table_list", "name", CLASS_TEXT, true},
    {"pragma_table_list", "type", CLASS_TEXT, true},
    {"pragma_table_list", "ncol", CLASS_INTEGER, true},
    {"pragma_table_list", "wr", CLASS_INTEGER, true},
    {"pragma_table_list", "strict", CLASS_INTEGER, true},

    {"pragma_index_list", "seq", CLASS_INTEGER, true},
    {"pragma_index_list", "name", CLASS_TEXT, true},
    {"pragma_index_list", "unique", CLASS_INTEGER, true},
    {"pragma_index_list", "origin", CLASS_TEXT, true},
    {"pragma_index_list", "partial", CLASS_INTEGER, true},

    {"pragma_index_*info", "seqno", CLASS_INTEGER, true},
    {"pragma_index_*info", "cid", CLASS_INTEGER, true},
    {"pragma_index_*info", "name", CLASS_TEXT, false}, /* of a rowid or expression */
    {"pragma_index_*info", "desc", CLASS_INTEGER, true},
    {"pragma_index_*info", "coll", CLASS_TEXT, false},
    {"pragma_index_*info", "key", CLASS_INTEGER, true},

    {"pragma_foreign_key_list", "id", CLASS_INTEGER, true},
    {"pragma_foreign_key_list", "seq", CLASS_INTEGER, true},
    {"pragma_foreign_key_list", "table", CLASS_TEXT, true},
    {"pragma_foreign_key_list", "from", CLASS_TEXT, true},
    {"pragma_foreign_key_list", "to", CLASS_TEXT, false}, /* the parent's primary key */
    {"pragma_foreign_key_list", "on_update", CLASS_TEXT, true},
    {"pragma_foreign_key_list", "on_delete", CLASS_TEXT, true},
    {"pragma_foreign_key_list", "match", CLASS_TEXT, true},

    {"pragma_database_list", "seq", CLASS_INTEGER, true},
    {"pragma_database_list", "name", CLASS_TEXT, true},
    {"pragma_database_list", "file", CLASS_TEXT, false},
    {"pragma_collation_list", "seq", CLASS_INTEGER, true},
    {"pragma_collation_list", "name", CLASS_TEXT, true},
    {"pragma_user_version", "user_version", CLASS_INTEGER, true},
    {"pragma_application_id", "application_id", CLASS_INTEGER, true},
};

static void set_column(struct catalog_column *column, const char *table)
{
    size_t i;

    for (i = 0; i < sizeof columns / sizeof *columns; i++) {
        const struct known *known = &columns[i];

        if (strcmp(column->name, known->column) != 0 ||
            sqlite3_strglob(known->table, table) != 0)
            continue;
        column->classes = known->classes;
        column->not_null = known->not_null;
        column->because = known->not_null ? "SQLite never yields NULL here"
                                          : "SQLite can yield NULL here";
        return;
    }
}

void catalog_set_known(struct catalog_table *table)
{
    size_t i;

    for (i = 0; i < table->column_count; i++)
        set_column(&table->columns[i], table->name);
}

/* The id and the coordinates, which declare a type; what else is kept beside them does not. */
void catalog_set_rtree(struct catalog_table *table)
{
    size_t i;

    for (i = 0; i < table->column_count; i++) {
        if (table->columns[i].declared[0] == '\0')
            continue;
        table->columns[i].not_null = true;
        table->columns[i].because = "an R*Tree holds numbers only";
    }
}
