-- The other system's own database: inspections of invented buildings.
-- A part of an inspection that the inspector did not get to is noted in `parts_done`.

create table inspection (
  id text primary key, building text, use text, in_use_since text, inspected_on text,
  parts_done text, plan_displayed integer, plan_reviewed_on text, plan_covers text
);
create table extinguisher (
  inspection text, place text, serviced_on text, seal_intact integer,
  away_for_service integer, replacement_in_place integer
);
create table alarm_test (
  inspection text, tested_on text, heard_everywhere integer, fault_found integer,
  repaired_on text, fire_watch_kept integer
);
create table drill (inspection text, held_on text, whole_building integer, minutes real);
create table exit (inspection text, name text, clear integer, locked integer, opens_with text);

insert into inspection values
  ('I-101', 'Mill House', 'office', '2019-03-01', '2025-06-10',
   'extinguishers alarm_tests drills exits', 1, '2025-01-15', 'staff visitors people_who_need_help'),
  ('I-102', 'Dock Shed 4', 'storage', '2021-09-15', '2025-06-11',
   'extinguishers alarm_tests exits', 0, null, null),
  ('I-103', 'Canal Yard', 'workshop', '2025-02-03', '2025-06-12',
   'extinguishers alarm_tests drills exits', 1, '2024-11', 'staff visitors');

insert into extinguisher values
  ('I-101', 'ground floor', '2025-02-20', 1, 0, null),
  ('I-101', 'first floor', '2024-11-05', 1, 0, null),
  ('I-103', 'by the lathe', '2025-01-30', 0, 1, 1),
  ('I-103', 'office', '2025-02', 1, 0, null);

insert into alarm_test values
  ('I-101', '2025-06-05', 1, 0, null, null),
  ('I-102', '2025-05-01', 1, 1, '2025-05-09', 0),
  ('I-103', '2025-06-09', null, 0, null, null);

insert into drill values
  ('I-101', '2024-09-12', 1, 3.5),
  ('I-101', '2025-03-20', 1, 5.0),
  ('I-103', '2025-05-06', 0, 2.0);

insert into exit values
  ('I-101', 'street', 1, 0, 'handle'),
  ('I-101', 'yard', 0, 0, 'push_bar'),
  ('I-102', 'gate', 1, 1, 'key'),
  ('I-103', 'front', 1, 0, 'handle'),
  ('I-103', 'rear', 1, null, 'key');
