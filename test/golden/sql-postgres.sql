-- tables
create table "env"."pv_team" ("pv_teamid" uuid not null, "pv_name" text collate "C", "pv_city" text collate "C", "row__version" bigint not null, "pv_name__eq" text collate "C", "pv_name__ord" text collate "C", "pv_city__eq" text collate "C", "pv_city__ord" text collate "C", constraint "pk_pv_team" primary key ("pv_teamid"));
create unique index "ux_pv_team_pv_name" on "env"."pv_team" ("pv_name__ord" asc nulls first);
create table "env"."pv_skill" ("pv_skillid" uuid not null, "pv_name" text collate "C", "row__version" bigint not null, "pv_name__eq" text collate "C", "pv_name__ord" text collate "C", constraint "pk_pv_skill" primary key ("pv_skillid"));
create index "ix_pv_skill_pv_name" on "env"."pv_skill" ("pv_name__ord" asc nulls first, "pv_skillid");
create table "env"."pv_teamskill" ("pv_teamskillid" uuid not null, "pv_teamid" uuid, "pv_skillid" uuid, "row__version" bigint not null, constraint "pk_pv_teamskill" primary key ("pv_teamskillid"));
create unique index "ux_pv_teamskill_pv_teamid_pv_skillid" on "env"."pv_teamskill" ("pv_teamid" asc nulls first, "pv_skillid" asc nulls first);
create index "ix_pv_teamskill_pv_skillid" on "env"."pv_teamskill" ("pv_skillid" asc nulls first, "pv_teamskillid");
create table "env"."pv_person" ("pv_personid" uuid not null, "pv_name" text collate "C", "pv_number" text collate "C", "pv_company" text collate "C", "pv_notes" text collate "C", "pv_level" integer, "pv_big" bigint, "pv_salary" numeric(19, 2), "pv_rate" numeric(19, 6), "pv_active" boolean, "pv_born" text collate "C", "pv_started" text collate "C", "pv_status" integer, "pv_secret" text collate "C", "pv_team" uuid, "pv_manager" uuid, "row__version" bigint not null, "pv_name__eq" text collate "C", "pv_name__ord" text collate "C", "pv_number__eq" text collate "C", "pv_number__ord" text collate "C", "pv_company__eq" text collate "C", "pv_company__ord" text collate "C", "pv_notes__eq" text collate "C", "pv_notes__ord" text collate "C", "pv_secret__eq" text collate "C", "pv_secret__ord" text collate "C", constraint "pk_pv_person" primary key ("pv_personid"));
create unique index "ux_pv_person_pv_company_pv_number" on "env"."pv_person" ("pv_company__ord" asc nulls first, "pv_number__ord" asc nulls first);
create index "ix_pv_person_pv_team" on "env"."pv_person" ("pv_team" asc nulls first, "pv_personid");
create index "ix_pv_person_pv_manager" on "env"."pv_person" ("pv_manager" asc nulls first, "pv_personid");
create index "ix_pv_person_pv_name" on "env"."pv_person" ("pv_name__ord" asc nulls first, "pv_personid");
create index "ix_pv_person_pv_started" on "env"."pv_person" ("pv_started" asc nulls first, "pv_personid");
create index "ix_pv_person_pv_level" on "env"."pv_person" ("pv_level" asc nulls first, "pv_personid");

-- by id
select ('{"@odata.etag":"W/\"' || t0."row__version"::text || '\"","pv_personid":' || coalesce('"' || t0."pv_personid" || '"', 'null') || ',"pv_name":' || coalesce(to_json(t0."pv_name")::text, 'null') || ',"pv_salary":' || coalesce(t0."pv_salary"::text, 'null') || ',"pv_active":' || coalesce(t0."pv_active"::text, 'null') || ',"_pv_team_value":' || coalesce('"' || t0."pv_team" || '"', 'null') || '}') from "env"."pv_person" as t0 where t0."pv_personid" = $1::uuid;
-- values: "00000000-0000-4000-8000-000000000001"

-- page with filter and order
select ('{"pv_personid":' || coalesce('"' || t0."pv_personid" || '"', 'null') || ',"pv_name":' || to_json(coalesce(t0."pv_name", ''))::text || '}'), t0."pv_started", t0."pv_name", t0."pv_personid" from "env"."pv_person" as t0 where t0."pv_status" = (200000001) order by t0."pv_started" asc nulls first, t0."pv_name__ord" desc nulls last, t0."pv_personid" desc limit 51;
-- values: 

-- page as one row
select string_agg(page.row, chr(30)), (array_agg(page.place0))[(50)::integer], (array_agg(page.place1))[(50)::integer] from (select ('{"pv_personid":' || coalesce('"' || t0."pv_personid" || '"', 'null') || ',"pv_name":' || coalesce(to_json(t0."pv_name")::text, 'null') || '}'), t0."pv_name", t0."pv_personid" from "env"."pv_person" as t0 order by t0."pv_name__ord" asc nulls first, t0."pv_personid" asc limit 51) as page (row, place0, place1);
-- values: 

-- next page, ascending
select ('{"pv_personid":' || coalesce('"' || t0."pv_personid" || '"', 'null') || '}'), t0."pv_name", t0."pv_personid" from "env"."pv_person" as t0 where (t0."pv_name__ord", t0."pv_personid") > ($1::text, $2::uuid) order by t0."pv_name__ord" asc nulls first, t0."pv_personid" asc limit 51;
-- values: "}se", "00000000-0000-4000-8000-000000000007"

-- next page, both directions and no value
select ('{"pv_personid":' || coalesce('"' || t0."pv_personid" || '"', 'null') || '}'), t0."pv_level", t0."pv_born", t0."pv_personid" from "env"."pv_person" as t0 where (((t0."pv_level" < $1::bigint or t0."pv_level" is null) or (t0."pv_level" = $1::bigint and (t0."pv_born" is not null or (t0."pv_born" is null and t0."pv_personid" > $2::uuid))))) order by t0."pv_level" desc nulls last, t0."pv_born" asc nulls first, t0."pv_personid" asc limit 51;
-- values: 3, "00000000-0000-4000-8000-000000000007"

-- every condition
select ('{"pv_personid":' || coalesce('"' || t0."pv_personid" || '"', 'null') || '}'), t0."pv_personid" from "env"."pv_person" as t0 where ((t0."pv_name__ord" = $1::text or not (t0."pv_level" >= $2::bigint)) and t0."pv_salary" > $3::numeric and t0."pv_active" is distinct from (true) and t0."pv_team" is not null and t0."pv_salary" < t0."pv_rate" and (t0."pv_number__ord" in ($4::text, $5::text, $6::text, $7::text) or t0."pv_number__ord" is null) and t0."pv_level" = any($8::bigint[]) and (t0."pv_name__ord" >= $10::text and t0."pv_name__ord" < $11::text and substr(t0."pv_name__eq", 1, length($9::text)) = $9::text) and strpos(t0."pv_notes__eq", $12::text) > 0 and right(t0."pv_notes__eq", length($13::text)) = $13::text and exists (select 1 from "env"."pv_team" as t1 where t1."pv_teamid" = t0."pv_team" and exists (select 1 from "env"."pv_teamskill" as t3 join "env"."pv_skill" as t2 on t2."pv_skillid" = t3."pv_skillid" where t3."pv_teamid" = t1."pv_teamid" and t2."pv_name__ord" = $14::text))) order by t0."pv_personid" asc limit 11;
-- values: "}se", 3n, "1", "a", "b", "c", "c", "{0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19}", "ås", "}s", "}s", "100%", "_", "java"

-- expand
select ('{"pv_teamid":' || coalesce('"' || t0."pv_teamid" || '"', 'null') || ',"pv_members@odata.nextLink":"' || ($1::text || t0."pv_teamid" || $2::text) || '","pv_members":[' || coalesce((select string_agg(t2.j, ',') from (select ('{"pv_personid":' || coalesce('"' || t1."pv_personid" || '"', 'null') || ',"pv_born":' || coalesce('"' || substr(t1."pv_born", 1, 10) || '"', 'null') || '}') as j from "env"."pv_person" as t1 where t1."pv_team" = t0."pv_teamid" order by t1."pv_level" desc nulls last, t1."pv_personid" desc limit 5) as t2), '') || '],"pv_teamskills":[' || coalesce((select string_agg(t5.j, ',') from (select ('{"pv_skillid":' || coalesce('"' || t3."pv_skillid" || '"', 'null') || ',"pv_name":' || coalesce(to_json(t3."pv_name")::text, 'null') || '}') as j from "env"."pv_teamskill" as t4 join "env"."pv_skill" as t3 on t3."pv_skillid" = t4."pv_skillid" where t4."pv_teamid" = t0."pv_teamid" order by t3."pv_skillid" asc) as t5), '') || ']}'), t0."pv_teamid" from "env"."pv_team" as t0 order by t0."pv_teamid" asc limit 11;
-- values: "a", "b"

-- expand to one row
select ('{"pv_personid":' || coalesce('"' || t0."pv_personid" || '"', 'null') || ',"pv_team":' || coalesce((select ('{"pv_teamid":' || coalesce('"' || t1."pv_teamid" || '"', 'null') || '}') from "env"."pv_team" as t1 where t1."pv_teamid" = t0."pv_team" and t1."pv_city__ord" = $1::text), 'null') || '}'), t0."pv_personid" from "env"."pv_person" as t0 order by t0."pv_personid" asc limit 11;
-- values: "oslo"

-- count
select count(*) from (select 1 from "env"."pv_person" as t0 where t0."pv_level" < $1::bigint limit 5000) as counted;
-- values: 3n

-- stored rows
select t0."row__version"::text, t0."pv_skillid", t0."pv_name" from "env"."pv_skill" as t0 where t0."pv_name__ord" = $1::text order by t0."pv_skillid" limit 2;
-- values: "x"

-- insert
insert into "env"."pv_person" ("pv_personid", "pv_name", "pv_name__eq", "pv_name__ord", "pv_salary", "pv_active", "row__version") values ($1::uuid, $2::text, $3::text, $4::text, $5::numeric, $6::boolean, nextval('"env"."portvakt_row_version"'));
-- values: "00000000-0000-4000-8000-000000000001", "Åse", "åse", "}se", "1.5", true

-- update
update "env"."pv_person" set "pv_name" = $1::text, "pv_name__eq" = $2::text, "pv_name__ord" = $3::text, "row__version" = nextval('"env"."portvakt_row_version"') where "pv_personid" = $4::uuid;
-- values: null, null, null, "00000000-0000-4000-8000-000000000001"

-- delete
delete from "env"."pv_person" where "pv_personid" = $1::uuid;
-- values: "00000000-0000-4000-8000-000000000001"
