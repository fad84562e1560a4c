-- The walking network. Nodes are WGS-84; lengths are metres measured in the district's zone.

create table walk_node (
    node_id bigint primary key,
    kind varchar not null check (kind in ('路口', '大门', '院内', '过街', '桥')),
    lon double not null check (lon between -180 and 180),
    lat double not null check (lat between -90 and 90),
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table walk_node is '步行网络节点';

create table walk_edge (
    edge_id bigint primary key,
    from_node bigint not null references walk_node (node_id),
    to_node bigint not null references walk_node (node_id),
    kind varchar not null check (kind in ('街道', '巷道', '院内路', '主干道', '过街', '桥')),
    metres double not null check (metres > 0),
    source_id varchar not null,
    source_row integer not null,
    check (from_node <> to_node),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table walk_edge is '步行路段：双向，长度以米计';
