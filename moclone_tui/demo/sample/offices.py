"""Small databases: a customer register, a blog, and one that is gone."""

from moclone_tui.demo.sample.teller import statements

CRM = statements(
    """
create database crm;
create table crm.contacts (id int primary key auto_increment,
  company varchar(60) not null, person varchar(60), email varchar(80),
  stage enum('lead','talking','won','lost') default 'lead', updated_at datetime,
  key ix_stage (stage)) comment = 'Who we talk to';
create table crm.notes (id int primary key auto_increment, contact_id int,
  body text, written_at datetime,
  constraint fk_contact foreign key (contact_id) references crm.contacts (id));
create table crm.visits (id int, seen date,
  contact_id int) partition by hash(id) partitions 4;
create external table crm.imports (line varchar(200)) infile{"filepath"='imports.csv'};
insert into crm.contacts (company, person, email, stage, updated_at) values
  ('Northwind Tea', 'Ines Costa', 'ines@example.com', 'won', '2026-01-09
  10:15:00'),('Hillside Books', 'Paul Quinn', 'paul@example.com', 'talking',
  null),('Lamplight', null, 'hello@example.com', 'lead', '2026-02-01
  08:00:00'),('Kovacs Glass', 'Hana Kovacs', 'hana@example.com', 'lost', null);
insert into crm.notes (contact_id, body, written_at) values (1, 'Wants samples of the
  winter blend.', '2026-01-10 09:00:00'),(2, 'Call again in March.', '2026-01-12
  16:30:00');
insert into crm.visits values (1, '2026-01-08', 1), (2, '2026-01-20', 2);
"""
)
BLOG = statements(
    """
create database blog;
create table blog.authors (id int primary key, name varchar(40) not null);
create table blog.posts (id int primary key auto_increment, author_id int,
  title varchar(120) not null, body text, tags json, published_at timestamp,
  constraint fk_author foreign key (author_id) references blog.authors (id),
  fulltext key ft_title (title));
create view blog.recent as select p.title, a.name from blog.posts p join blog.authors
  a on a.id = p.author_id;
insert into blog.authors values (1, 'Olga Novak'), (2, 'Leo Weber');
insert into blog.posts (author_id, title, body, tags, published_at) values (1, 'How we
  pack a teapot', 'Paper first.', '["packing"]', '2026-01-05 07:30:00'),(2, 'Five
  lamps for winter', 'Warm light.', '["lamps", "winter"]', '2026-01-18 12:00:00');
"""
)
LEGACY = statements(
    """
create database legacy;
create table legacy.invoices (id int primary key, amount decimal(12,2));
insert into legacy.invoices values (1, 99.90), (2, 1250.00);
create snapshot legacy_last for database legacy;
drop database legacy;
"""
)
