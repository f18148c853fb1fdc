/*
 * systems.c: calls the named queries of the five systems on rows whose answers are known by
 * hand; prints a line for each. Run by tests/t/systems.t.
 */
#include "dockstat.h"
#include "duplistatus.h"
#include "jadugar.h"
#include "mission_control.h"
#include "volumeviz.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void say(bool good, const char *what)
{
    printf("%s: %s\n", good ? "ok" : "wrong", what);
}

static void run(quarry_db *db, quarry_status status, const char *what)
{
    if (status != QUARRY_OK)
        printf("wrong: %s: %s\n", what, quarry_last_error(db)->message);
}
#define RUN(call) run(db, (call), #call)

static void exec(quarry_db *db, const char *sql)
{
    run(db, quarry_exec(db, sql), sql);
}

/* ---- DockStat ----------------------------------------------------------------------- */

static void fill_dockstat(quarry_db *db)
{
    exec(db,
         "INSERT INTO hosts (id, name, address, enabled, created, updated) VALUES"
         " ('h1', 'One', 'a', 1, 0, 0), ('h2', 'Two', 'b', 0, 0, 0), ('h3', 'Ada', 'c', "
         "1, 0, 0);"
         "INSERT INTO containers (id, name, image, host_id, status, state, created, "
         "updated) VALUES"
         " ('c1', 'web', 'nginx:1', 'h1', 'Up', 'running', 0, 100),"
         " ('c2', 'Cache_1', 'REDIS:7', 'h1', 'Exited', 'exited', 0, 200),"
         " ('c3', '50%', 'my_redis', 'h2', 'Up', 'running', 0, 300);"
         "INSERT INTO container_stats (container_id, host_id, cpu_usage, memory_usage,"
         " memory_limit, timestamp) VALUES ('c1', 'h1', 0.5, 10, 100, 1000),"
         " ('c1', 'h1', 0.9, 30, 100, 2000), ('c2', 'h1', 0.1, 5, 100, 2000);"
         "INSERT INTO host_stats (host_id, cpu_usage, memory_usage, memory_total,"
         " container_count, timestamp) VALUES ('h1', 0.2, 100, 1000, 3, 500),"
         " ('h1', 0.4, 300, 1000, 5, 1500), ('h2', 0.9, 900, 1000, 9, 100);");
}

static void containers(quarry_db *db)
{
    dockstat_search_containers_params params;
    dockstat_container_list *list = NULL;
    dockstat_containers_with_stats_row_list *both = NULL;

    dockstat_search_containers_params_init(&params);
    RUN(dockstat_search_containers(db, &params, &list));
    say(list != NULL && list->count == 3, "search without filters finds all");
    dockstat_container_list_free(list);
    params.name = "%";
    RUN(dockstat_search_containers(db, &params, &list));
    say(list->count == 1 && strcmp(list->rows[0].id, "c3") == 0, "% is no wildcard");
    dockstat_container_list_free(list);
    params.name = "cache_";
    params.host_id = "h1";
    RUN(dockstat_search_containers(db, &params, &list));
    say(list->count == 1 && strcmp(list->rows[0].id, "c2") == 0,
        "search by name and host");
    dockstat_container_list_free(list);
    RUN(dockstat_containers_by_image(db, "redis", &list));
    say(list->count == 2, "images in any case");
    dockstat_container_list_free(list);
    RUN(dockstat_recently_updated(db, 200, &list));
    say(list->count == 2 && strcmp(list->rows[0].id, "c3") == 0,
        "updated last comes first");
    dockstat_container_list_free(list);
    RUN(dockstat_high_cpu_containers(db, 1500, 0.8, &list));
    say(list->count == 1 && strcmp(list->rows[0].id, "c1") == 0,
        "a busy container, once");
    dockstat_container_list_free(list);
    RUN(dockstat_containers_with_stats(db, &both));
    say(both->count == 3 && both->rows[0].container_stats == NULL &&
            strcmp(both->rows[0].containers.id, "c3") == 0,
        "a container that was never measured has no measurement");
    say(both->rows[2].container_stats != NULL &&
            both->rows[2].container_stats->timestamp == 2000,
        "another has its latest");
    dockstat_containers_with_stats_row_list_free(both);
    RUN(dockstat_running_containers(db, &list));
    say(list->count == 2, "running containers");
    dockstat_container_list_free(list);
}

static void figures(quarry_db *db)
{
    dockstat_host_summary_row_list *summary = NULL;
    dockstat_average_usage_row usage;
    dockstat_container_stat_list *stats = NULL;
    dockstat_container_stat *latest = NULL;
    int64_t count = -1;

    RUN(dockstat_host_summary(db, 400, &summary));
    say(summary->count == 3, "a host without measurements is in the summary");
    say(!summary->rows[0].average_cpu.has && strcmp(summary->rows[0].name, "Ada") == 0,
        "and its figures are NULL");
    say(fabs(summary->rows[1].average_memory.value - 200) < 1e-9 &&
            summary->rows[1].most_containers.value == 5,
        "means and maximum of a host");
    dockstat_host_summary_row_list_free(summary);
    RUN(dockstat_average_usage(db, "c1", 0, &usage));
    say(usage.cpu.has && fabs(usage.cpu.value - 0.7) < 1e-9, "average usage");
    RUN(dockstat_average_usage(db, "c3", 0, &usage));
    say(!usage.cpu.has && !usage.memory.has, "of nothing it is NULL");
    RUN(dockstat_latest_stats(db, &stats));
    say(stats->count == 2, "all measurements of the latest moment");
    dockstat_container_stat_list_free(stats);
    RUN(dockstat_latest_container_stats(db, "c1", &latest));
    say(latest != NULL && latest->timestamp == 2000, "the latest of a container");
    dockstat_container_stat_free(latest);
    say(dockstat_latest_container_stats(db, "c3", &latest) == QUARRY_NOT_FOUND,
        "a container that was never measured");
    RUN(dockstat_cleanup_container_stats(db, 2000, &count));
    say(count == 1, "cleanup says how many rows it removed");
    RUN(dockstat_update_host_status(db, DOCKSTAT_HOST_STATUS_ONLINE, 7, "h1", &count));
    say(count == 1, "a host's status is set");
    RUN(dockstat_update_host_status(db, DOCKSTAT_HOST_STATUS_ONLINE, 7, "none", &count));
    say(count == 0, "of no host it is not");
}

static void test_dockstat(void)
{
    quarry_db *db = NULL;

    RUN(dockstat_open(":memory:", NULL, &db));
    fill_dockstat(db);
    containers(db);
    figures(db);
    quarry_close(db);
}

/* ---- duplistatus -------------------------------------------------------------------- */

static void test_duplistatus(void)
{
    quarry_db *db = NULL;
    duplistatus_statistics_row statistics;
    duplistatus_backup_trends_row_list *trends = NULL;
    duplistatus_table_sizes_row_list *sizes = NULL;
    duplistatus_server_with_latest_backup_row *server = NULL;
    quarry_timestamp since = 0;
    int64_t count = -1, size = 0;

    RUN(duplistatus_open(":memory:", NULL, &db));
    exec(db,
         "INSERT INTO servers (id, name) VALUES (1, 'a'), (2, 'b');"
         "INSERT INTO backups (id, server_id, backup_name, status, start_time, duration,"
         " files_size, created_at) VALUES"
         " (1, 1, 'j', 'success', '2024-01-01T10:00:00.000Z', 10, 100, "
         "'2024-01-01T11:00:00.000Z'),"
         " (2, 1, 'j', 'fatal', '2024-01-02T00:00:00.000Z', 20, NULL, "
         "'2024-01-02T11:00:00.000Z'),"
         " (3, 1, 'j', 'error', '2024-01-02T23:59:59.999Z', 60, 300, "
         "'2024-01-03T11:00:00.000Z');"
         "INSERT INTO notifications (backup_id, type) VALUES (1, 'backup_success')");
    RUN(duplistatus_statistics(db, 1, &statistics));
    say(statistics.total_backups == 3 && statistics.successful_backups == 1 &&
            statistics.failed_backups == 2 && statistics.total_size.value == 400,
        "statistics of a server");
    RUN(duplistatus_statistics(db, 2, &statistics));
    say(statistics.total_backups == 0 && !statistics.total_size.has,
        "of one without backups");
    quarry_timestamp_parse("2024-01-02", &since);
    RUN(duplistatus_backup_trends(db, 1, since, &trends));
    say(trends->count == 1 && strcmp(trends->rows[0].day, "2024-01-02") == 0 &&
            trends->rows[0].backup_count == 2,
        "trends from midnight on, by day");
    duplistatus_backup_trends_row_list_free(trends);
    RUN(duplistatus_server_with_latest_backup(db, 1, &server));
    say(server != NULL && server->latest_status.has &&
            server->latest_status.value == DUPLISTATUS_BACKUP_STATUS_ERROR,
        "a server with its latest backup");
    duplistatus_server_with_latest_backup_row_free(server);
    RUN(duplistatus_server_with_latest_backup(db, 2, &server));
    say(server != NULL && !server->latest_status.has, "or with none");
    duplistatus_server_with_latest_backup_row_free(server);
    RUN(duplistatus_table_sizes(db, &sizes));
    say(sizes->count == 4 && sizes->rows[1].row_count == 3,
        "rows are counted, not tables");
    duplistatus_table_sizes_row_list_free(sizes);
    RUN(duplistatus_database_size(db, &size));
    say(size > 4096 && size % 512 == 0, "the size of the database");
    say(duplistatus_cleanup_backups(db, since, &count) == QUARRY_FOREIGN_KEY,
        "a notification holds its backup");
    RUN(duplistatus_cleanup_notifications(db, since, &count));
    RUN(duplistatus_cleanup_backups(db, since, &count));
    say(count == 1, "until it lets go of it");
    quarry_close(db);
}

/* ---- VolumeViz ---------------------------------------------------------------------- */

static void test_volumeviz(void)
{
    quarry_db *db = NULL;
    volumeviz_list_volumes_params params;
    volumeviz_volume_list *list = NULL;
    volumeviz_volume *volume = NULL;
    volumeviz_volumes_of_container_row_list *mounted = NULL;
    int64_t count = -1;

    RUN(volumeviz_open(":memory:", NULL, &db));
    exec(db, "INSERT INTO volumes (volume_id, name, mountpoint, created_at) VALUES "
             "('v1', 'b', '/', 1),"
             " ('v2', 'a', '/', 2), ('v3', 'c', '/', 3);"
             "INSERT INTO containers (container_id, name, image, state) VALUES ('k', "
             "'n', 'i', 'running');"
             "INSERT INTO container_volumes (container_id, volume_id, mount_path) VALUES "
             "('k', 'v1', '/d')");
    volumeviz_list_volumes_params_init(&params);
    params.limit = 2;
    params.order = VOLUMEVIZ_LIST_VOLUMES_NAME;
    RUN(volumeviz_list_volumes(db, &params, &list));
    say(list->count == 2 && strcmp(list->rows[0].name, "a") == 0, "a page by name");
    volumeviz_volume_list_free(list);
    params.order = VOLUMEVIZ_LIST_VOLUMES_NEWEST;
    params.offset = 2;
    RUN(volumeviz_list_volumes(db, &params, &list));
    say(list->count == 1 && strcmp(list->rows[0].name, "b") == 0, "the last page by age");
    volumeviz_volume_list_free(list);
    RUN(volumeviz_delete_volume(db, 9, "v1", &count));
    say(count == 1, "a volume is given up");
    RUN(volumeviz_volumes_of_container(db, "k", &mounted));
    say(mounted->count == 0, "and mounted nowhere");
    volumeviz_volumes_of_container_row_list_free(mounted);
    RUN(volumeviz_volume_get_by_volume_id(db, "v1", &volume));
    say(volume != NULL && volume->deleted_at.has && !volume->is_active, "its row stays");
    volumeviz_volume_free(volume);
    RUN(volumeviz_delete_volume(db, 9, "v1", &count));
    say(count == 0, "once only");
    exec(db, "INSERT INTO volume_sizes (volume_id, total_size, created_at) VALUES ('v2', "
             "5, 77)");
    RUN(volumeviz_volume_get_by_volume_id(db, "v2", &volume));
    say(volume->last_scanned.has && volume->last_scanned.value == 77,
        "a trigger keeps the last scan");
    volumeviz_volume_free(volume);
    quarry_close(db);
}

/* ---- Jadugar ------------------------------------------------------------------------ */

static void test_jadugar(void)
{
    static const int64_t ids[] = {3, 1};
    quarry_db *db = NULL;
    jadugar_post_counts_row_list *counts = NULL;

    RUN(jadugar_open(":memory:", NULL, &db));
    exec(db, "INSERT INTO users (id, name, email) VALUES (1, 'a', 'a@x'), (2, 'b', "
             "'b@x'), (3, 'c', 'c@x');"
             "INSERT INTO posts (user_id, title, slug, deleted_at) VALUES (1, 't', 's1', "
             "NULL),"
             " (1, 't', 's2', NULL), (1, 't', 's3', 5), (2, 't', 's4', NULL)");
    RUN(jadugar_post_counts(db, ids, 2, &counts));
    say(counts->count == 2 && counts->rows[0].posts == 2 && counts->rows[1].posts == 0,
        "posts are counted of the users asked for");
    jadugar_post_counts_row_list_free(counts);
    RUN(jadugar_post_counts(db, NULL, 0, &counts));
    say(counts->count == 0, "of nobody");
    jadugar_post_counts_row_list_free(counts);
    quarry_close(db);
}

/* ---- Mission Control ---------------------------------------------------------------- */

static void test_mission_control(void)
{
    quarry_db *db = NULL;
    mission_control_provider_pricing *price = NULL;
    mission_control_policy *policy = NULL;
    mission_control_tool_call_success_rate_list *rates = NULL;

    RUN(mission_control_open(":memory:", NULL, &db));
    RUN(mission_control_effective_price(db, "anthropic", "claude-sonnet-4", "2025-06-01",
                                        &price));
    say(price != NULL && price->cached_price == 300000, "the price of a day");
    mission_control_provider_pricing_free(price);
    say(mission_control_effective_price(db, "anthropic", "claude-sonnet-4", "2025-05-21",
                                        &price) == QUARRY_NOT_FOUND,
        "the day before there was none");
    RUN(mission_control_deciding_policy(db, "kubectl",
                                        MISSION_CONTROL_TOOL_RISK_DESTRUCTIVE, &policy));
    say(policy != NULL &&
            policy->effect == MISSION_CONTROL_POLICY_EFFECT_REQUIRE_APPROVAL,
        "what is destructive needs approval");
    mission_control_policy_free(policy);
    RUN(mission_control_deciding_policy(db, "ls", MISSION_CONTROL_TOOL_RISK_READ_ONLY,
                                        &policy));
    say(policy != NULL && policy->effect == MISSION_CONTROL_POLICY_EFFECT_ALLOW,
        "what reads does not");
    mission_control_policy_free(policy);
    exec(db, "INSERT INTO tool_definitions (name, description) VALUES ('t', 'd')");
    RUN(mission_control_tool_call_success_rate_list_all(db, &rates));
    say(rates->count == 1 && rates->rows[0].calls == 0 &&
            !rates->rows[0].success_rate.has,
        "a tool that was never called has no rate");
    mission_control_tool_call_success_rate_list_free(rates);
    quarry_close(db);
}

int main(void)
{
    test_dockstat();
    test_duplistatus();
    test_volumeviz();
    test_jadugar();
    test_mission_control();
    return 0;
}
