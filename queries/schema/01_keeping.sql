-- Where every row came from. One `source_file` per ledger sheet that was read, one
-- `source_row` per row of that sheet, so that lineage is a join and nothing is lost.

create table source_file (
    source_id varchar primary key,
    ledger_id varchar not null,
    ledger_name varchar not null,
    file_name varchar not null,
    sheet_name varchar,
    sha256 varchar not null check (length(sha256) = 64),
    bytes bigint not null check (bytes >= 0),
    nature varchar not null check (nature in ('演示', '实有', '参考')),
    crs varchar,
    row_total integer not null check (row_total >= 0),
    row_used integer not null check (row_used between 0 and row_total)
);
comment on table source_file is '台账来源：每读入一张表一行';
comment on column source_file.nature is '演示＝合成数据；实有＝真实台账；参考＝随软件附带的公开事实';
comment on column source_file.crs is '台账声明的坐标系';

create table source_row (
    source_id varchar not null references source_file (source_id),
    row_no integer not null check (row_no >= 1),
    fate varchar not null,
    raw json not null,
    primary key (source_id, row_no)
);
comment on table source_row is '台账原始行：行号与 Excel 一致，raw 为原样单元格';
comment on column source_row.fate is '该行的去向：表头、空行、脚注、合计、合格、有错';
