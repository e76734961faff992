-- tables
create table data."pv_team" ("pv_teamid" text not null, "pv_name" text, "pv_city" text, "row__version" integer not null, "pv_name__eq" text, "pv_name__ord" text, "pv_city__eq" text, "pv_city__ord" text, constraint "pk_pv_team" primary key ("pv_teamid")) strict;
create unique index data."ux_pv_team_pv_name" on "pv_team" ("pv_name__ord" asc);
create table data."pv_skill" ("pv_skillid" text not null, "pv_name" text, "row__version" integer not null, "pv_name__eq" text, "pv_name__ord" text, constraint "pk_pv_skill" primary key ("pv_skillid")) strict;
create index data."ix_pv_skill_pv_name" on "pv_skill" ("pv_name__ord" asc, "pv_skillid");
create table data."pv_teamskill" ("pv_teamskillid" text not null, "pv_teamid" text, "pv_skillid" text, "row__version" integer not null, constraint "pk_pv_teamskill" primary key ("pv_teamskillid")) strict;
create unique index data."ux_pv_teamskill_pv_teamid_pv_skillid" on "pv_teamskill" ("pv_teamid" asc, "pv_skillid" asc);
create index data."ix_pv_teamskill_pv_skillid" on "pv_teamskill" ("pv_skillid" asc, "pv_teamskillid");
create table data."pv_person" ("pv_personid" text not null, "pv_name" text, "pv_number" text, "pv_company" text, "pv_notes" text, "pv_level" integer, "pv_big" integer, "pv_salary" integer, "pv_rate" integer, "pv_active" integer, "pv_born" text, "pv_started" text, "pv_status" integer, "pv_secret" text, "pv_team" text, "pv_manager" text, "row__version" integer not null, "pv_name__eq" text, "pv_name__ord" text, "pv_number__eq" text, "pv_number__ord" text, "pv_company__eq" text, "pv_company__ord" text, "pv_notes__eq" text, "pv_notes__ord" text, "pv_secret__eq" text, "pv_secret__ord" text, constraint "pk_pv_person" primary key ("pv_personid")) strict;
create unique index data."ux_pv_person_pv_company_pv_number" on "pv_person" ("pv_company__ord" asc, "pv_number__ord" asc);
create index data."ix_pv_person_pv_team" on "pv_person" ("pv_team" asc, "pv_personid");
create index data."ix_pv_person_pv_manager" on "pv_person" ("pv_manager" asc, "pv_personid");
create index data."ix_pv_person_pv_name" on "pv_person" ("pv_name__ord" asc, "pv_personid");
create index data."ix_pv_person_pv_started" on "pv_person" ("pv_started" asc, "pv_personid");
create index data."ix_pv_person_pv_level" on "pv_person" ("pv_level" asc, "pv_personid");

-- by id
select concat('{"@odata.etag":"W/\"', concat(t0."row__version"), '\"","pv_personid":', json_quote(t0."pv_personid"), ',"pv_name":', json_quote(t0."pv_name"), ',"pv_salary":', case when t0."pv_salary" >= 0 then concat(t0."pv_salary" / 100, '.', substr(100 + t0."pv_salary" % 100, 2)) when t0."pv_salary" < 0 then concat('-', -(t0."pv_salary" / 100), '.', substr(100 + -t0."pv_salary" % 100, 2)) else 'null' end, ',"pv_active":', case t0."pv_active" when 1 then 'true' when 0 then 'false' else 'null' end, ',"_pv_team_value":', json_quote(t0."pv_team"), '}') from data."pv_person" as t0 where t0."pv_personid" = ?1;
-- values: "00000000-0000-4000-8000-000000000001"

-- page with filter and order
select concat('{"pv_personid":', json_quote(t0."pv_personid"), ',"pv_name":', json_quote(ifnull(t0."pv_name", '')), '}'), t0."pv_started", t0."pv_name", t0."pv_personid" from data."pv_person" as t0 where +t0."pv_status" = ?1 order by t0."pv_started" asc, t0."pv_name__ord" desc, t0."pv_personid" desc limit 51;
-- values: 200000001n

-- page as one row
select concat('{"pv_personid":', json_quote(t0."pv_personid"), ',"pv_name":', json_quote(t0."pv_name"), '}'), t0."pv_name", t0."pv_personid" from data."pv_person" as t0 order by t0."pv_name__ord" asc, t0."pv_personid" asc limit 51;
-- values: 

-- next page, ascending
select concat('{"pv_personid":', json_quote(t0."pv_personid"), '}'), t0."pv_name", t0."pv_personid" from data."pv_person" as t0 where (t0."pv_name__ord", t0."pv_personid") > (?1, ?2) order by t0."pv_name__ord" asc, t0."pv_personid" asc limit 51;
-- values: "}se", "00000000-0000-4000-8000-000000000007"

-- next page, both directions and no value
select concat('{"pv_personid":', json_quote(t0."pv_personid"), '}'), t0."pv_level", t0."pv_born", t0."pv_personid" from data."pv_person" as t0 where (((t0."pv_level" < ?1 or t0."pv_level" is null) or (t0."pv_level" = ?1 and (t0."pv_born" is not null or (t0."pv_born" is null and t0."pv_personid" > ?2))))) order by t0."pv_level" desc, t0."pv_born" asc, t0."pv_personid" asc limit 51;
-- values: 3, "00000000-0000-4000-8000-000000000007"

-- every condition
select concat('{"pv_personid":', json_quote(t0."pv_personid"), '}'), t0."pv_personid" from data."pv_person" as t0 where ((t0."pv_name__ord" = ?1 or not (t0."pv_level" >= ?2)) and t0."pv_salary" > ?3 and t0."pv_active" is distinct from ?4 and t0."pv_team" is not null and (t0."pv_salary" * 10000) < t0."pv_rate" and (t0."pv_number__ord" in (?5, ?6, ?7, ?8) or t0."pv_number__ord" is null) and t0."pv_level" in (select value from json_each(?9)) and (t0."pv_name__ord" >= ?11 and t0."pv_name__ord" < ?12 and substr(t0."pv_name__eq", 1, length(?10)) = ?10) and instr(t0."pv_notes__eq", ?13) > 0 and substr(t0."pv_notes__eq", -length(?14)) = ?14 and exists (select 1 from data."pv_team" as t1 where t1."pv_teamid" = t0."pv_team" and exists (select 1 from data."pv_teamskill" as t3 join data."pv_skill" as t2 on t2."pv_skillid" = t3."pv_skillid" where t3."pv_teamid" = t1."pv_teamid" and t2."pv_name__ord" = ?15 limit 1) limit 1)) order by t0."pv_personid" asc limit 11;
-- values: "}se", 3n, 100n, 1, "a", "b", "c", "c", "[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19]", "ås", "}s", "}s", "100%", "_", "java"

-- expand
select concat('{"pv_teamid":', json_quote(t0."pv_teamid"), ',"pv_members@odata.nextLink":"', concat(?1, t0."pv_teamid", ?2), '","pv_members":[', coalesce((select string_agg(t2.j, ',') from (select concat('{"pv_personid":', json_quote(t1."pv_personid"), ',"pv_born":', json_quote(substr(t1."pv_born", 1, 10)), '}') as j from data."pv_person" as t1 where t1."pv_team" = t0."pv_teamid" order by t1."pv_level" desc, t1."pv_personid" desc limit 5) as t2), ''), '],"pv_teamskills":[', coalesce((select string_agg(t5.j, ',') from (select concat('{"pv_skillid":', json_quote(t3."pv_skillid"), ',"pv_name":', json_quote(t3."pv_name"), '}') as j from data."pv_teamskill" as t4 join data."pv_skill" as t3 on t3."pv_skillid" = t4."pv_skillid" where t4."pv_teamid" = t0."pv_teamid" order by t3."pv_skillid" asc) as t5), ''), ']}'), t0."pv_teamid" from data."pv_team" as t0 order by t0."pv_teamid" asc limit 11;
-- values: "a", "b"

-- expand to one row
select concat('{"pv_personid":', json_quote(t0."pv_personid"), ',"pv_team":', coalesce((select concat('{"pv_teamid":', json_quote(t1."pv_teamid"), '}') from data."pv_team" as t1 where t1."pv_teamid" = t0."pv_team" and t1."pv_city__ord" = ?1), 'null'), '}'), t0."pv_personid" from data."pv_person" as t0 order by t0."pv_personid" asc limit 11;
-- values: "oslo"

-- count
select count(*) from (select 1 from data."pv_person" as t0 where t0."pv_level" < ?1 limit 5000) as counted;
-- values: 3n

-- stored rows
select concat(t0."row__version"), t0."pv_skillid", t0."pv_name" from data."pv_skill" as t0 where t0."pv_name__ord" = ?1 order by t0."pv_skillid" limit 2;
-- values: "x"

-- insert
insert into data."pv_person" ("pv_personid", "pv_name", "pv_name__eq", "pv_name__ord", "pv_salary", "pv_active", "row__version") values (?1, ?2, ?3, ?4, ?5, ?6, ?7);
-- values: "00000000-0000-4000-8000-000000000001", "Åse", "åse", "}se", 150n, 1, 7n

-- update
update data."pv_person" set "pv_name" = ?1, "pv_name__eq" = ?2, "pv_name__ord" = ?3, "row__version" = ?4 where "pv_personid" = ?5;
-- values: null, null, null, 8n, "00000000-0000-4000-8000-000000000001"

-- delete
delete from data."pv_person" where "pv_personid" = ?1;
-- values: "00000000-0000-4000-8000-000000000001"
