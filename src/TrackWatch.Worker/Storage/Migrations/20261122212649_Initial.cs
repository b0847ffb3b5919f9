using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace TrackWatch.Worker.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "anomalies",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    shipment_id = table.Column<long>(type: "bigint", nullable: false),
                    event_id = table.Column<long>(type: "bigint", nullable: true),
                    kind = table.Column<string>(type: "text", nullable: false),
                    detail = table.Column<string>(type: "text", nullable: false),
                    seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_anomalies", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "calendar_events",
                columns: table => new
                {
                    person_id = table.Column<string>(type: "text", nullable: false),
                    order_id = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    day = table.Column<DateOnly>(type: "date", nullable: false),
                    sequence = table.Column<int>(type: "integer", nullable: false),
                    stamp = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    cancelled = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_calendar_events", x => new { x.person_id, x.order_id, x.name });
                });

            migrationBuilder.CreateTable(
                name: "deadlines",
                columns: table => new
                {
                    order_id = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    rule = table.Column<string>(type: "text", nullable: false),
                    role = table.Column<string>(type: "text", nullable: false),
                    opens = table.Column<DateOnly>(type: "date", nullable: true),
                    last_day = table.Column<DateOnly>(type: "date", nullable: false),
                    last_safe_day = table.Column<DateOnly>(type: "date", nullable: false),
                    maybe_until = table.Column<DateOnly>(type: "date", nullable: true),
                    assumed = table.Column<bool>(type: "boolean", nullable: false),
                    as_of = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_deadlines", x => new { x.order_id, x.name });
                });

            migrationBuilder.CreateTable(
                name: "learned_lanes",
                columns: table => new
                {
                    origin = table.Column<string>(type: "text", nullable: false),
                    destination = table.Column<string>(type: "text", nullable: false),
                    service = table.Column<string>(type: "text", nullable: false),
                    leg = table.Column<string>(type: "text", nullable: false),
                    days = table.Column<int>(type: "integer", nullable: false),
                    legs = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_learned_lanes", x => new { x.origin, x.destination, x.service, x.leg, x.days });
                });

            migrationBuilder.CreateTable(
                name: "mails",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    person_id = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    message_id = table.Column<string>(type: "text", nullable: false),
                    sender = table.Column<string>(type: "text", nullable: false),
                    recipients = table.Column<string[]>(type: "text[]", nullable: false),
                    settled = table.Column<string[]>(type: "text[]", nullable: false),
                    thread = table.Column<string>(type: "text", nullable: true),
                    subject = table.Column<string>(type: "text", nullable: false),
                    body = table.Column<byte[]>(type: "bytea", nullable: false),
                    composed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    next_attempt_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    lease_token = table.Column<Guid>(type: "uuid", nullable: true),
                    accepted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    refused_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    reply = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mails", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "orders",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    definition = table.Column<string>(type: "jsonb", nullable: false),
                    registered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    archived_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    next_assessment_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_orders", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "payloads",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    shipment_id = table.Column<long>(type: "bigint", nullable: false),
                    provider = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<string>(type: "text", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    body = table.Column<string>(type: "text", nullable: false),
                    fetched_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_payloads", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "people",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    profile = table.Column<string>(type: "jsonb", nullable: false),
                    archived_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    next_digest_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_digest_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_people", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "polls",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    shipment_id = table.Column<long>(type: "bigint", nullable: false),
                    provider = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    outcome = table.Column<string>(type: "text", nullable: false),
                    detail = table.Column<string>(type: "text", nullable: true),
                    new_events = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_polls", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "provider_health",
                columns: table => new
                {
                    provider = table.Column<string>(type: "text", nullable: false),
                    next_request_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    counted_on = table.Column<DateOnly>(type: "date", nullable: false),
                    requests_today = table.Column<int>(type: "integer", nullable: false),
                    requests_this_month = table.Column<int>(type: "integer", nullable: false),
                    quota_left = table.Column<int>(type: "integer", nullable: true),
                    quota_total = table.Column<int>(type: "integer", nullable: true),
                    quota_unit = table.Column<string>(type: "text", nullable: true),
                    quota_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    budget_shipments = table.Column<int>(type: "integer", nullable: true),
                    budget_needed = table.Column<double>(type: "double precision", nullable: true),
                    budget_limit = table.Column<double>(type: "double precision", nullable: true),
                    stretch = table.Column<double>(type: "double precision", nullable: false, defaultValue: 1.0),
                    stretch_urgent = table.Column<double>(type: "double precision", nullable: false, defaultValue: 1.0),
                    budget_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    breaker_open_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    breaker_trips = table.Column<int>(type: "integer", nullable: false),
                    last_success_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_trouble_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    trouble = table.Column<string>(type: "text", nullable: true),
                    detail = table.Column<string>(type: "text", nullable: true),
                    silent_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    outage_told_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_provider_health", x => x.provider);
                });

            migrationBuilder.CreateTable(
                name: "registrations",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    host = table.Column<string>(type: "text", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    hash = table.Column<string>(type: "text", nullable: false),
                    orders = table.Column<int>(type: "integer", nullable: false),
                    people = table.Column<int>(type: "integer", nullable: false),
                    archived = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_registrations", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "secrets",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false),
                    value = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_secrets", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "shipments",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    number = table.Column<string>(type: "text", nullable: false),
                    wanted_provider = table.Column<string>(type: "text", nullable: true),
                    carrier = table.Column<string>(type: "text", nullable: true),
                    country = table.Column<string>(type: "text", nullable: true),
                    postcode = table.Column<string>(type: "text", nullable: true),
                    registered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    archived_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    not_before = table.Column<DateOnly>(type: "date", nullable: true),
                    plan = table.Column<string>(type: "text", nullable: true),
                    status = table.Column<string>(type: "text", nullable: false),
                    leg = table.Column<string>(type: "text", nullable: true),
                    action_needed = table.Column<bool>(type: "boolean", nullable: false),
                    customs_trouble = table.Column<bool>(type: "boolean", nullable: false),
                    ends_by_design = table.Column<bool>(type: "boolean", nullable: false),
                    seen_in_destination = table.Column<bool>(type: "boolean", nullable: false),
                    first_event_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    first_scan_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_event_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_progress_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_text = table.Column<string>(type: "text", nullable: true),
                    last_place = table.Column<string>(type: "text", nullable: true),
                    summary = table.Column<string>(type: "jsonb", nullable: false),
                    urgent = table.Column<bool>(type: "boolean", nullable: false),
                    ask_until = table.Column<DateOnly>(type: "date", nullable: true),
                    legs_learned = table.Column<int>(type: "integer", nullable: false, defaultValue: 0),
                    wake_on_answer = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_shipments", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "notices",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    dedup_key = table.Column<string>(type: "text", nullable: false),
                    person_id = table.Column<string>(type: "text", nullable: false),
                    order_id = table.Column<string>(type: "text", nullable: true),
                    kind = table.Column<string>(type: "text", nullable: false),
                    channel = table.Column<string>(type: "text", nullable: false),
                    instance = table.Column<string>(type: "text", nullable: false),
                    content = table.Column<string>(type: "jsonb", nullable: false),
                    written_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    do_by = table.Column<DateOnly>(type: "date", nullable: true),
                    tell_by = table.Column<DateOnly>(type: "date", nullable: true),
                    withdrawn_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    mail_id = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_notices", x => x.id);
                    table.ForeignKey(
                        name: "fk_notices_mail_id",
                        column: x => x.mail_id,
                        principalTable: "mails",
                        principalColumn: "id");
                });

            migrationBuilder.CreateTable(
                name: "refused_addresses",
                columns: table => new
                {
                    address = table.Column<string>(type: "text", nullable: false),
                    since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    why = table.Column<string>(type: "text", nullable: false),
                    mail_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_refused_addresses", x => x.address);
                    table.ForeignKey(
                        name: "fk_refused_addresses_mail_id",
                        column: x => x.mail_id,
                        principalTable: "mails",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "cases",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    order_id = table.Column<string>(type: "text", nullable: false),
                    opened_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    settling_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    closed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    closed_why = table.Column<string>(type: "text", nullable: true),
                    reopened = table.Column<int>(type: "integer", nullable: false),
                    due = table.Column<string>(type: "text", nullable: true),
                    do_by = table.Column<DateOnly>(type: "date", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_cases", x => x.id);
                    table.ForeignKey(
                        name: "fk_cases_order_id",
                        column: x => x.order_id,
                        principalTable: "orders",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "facts",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    order_id = table.Column<string>(type: "text", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    value = table.Column<string>(type: "jsonb", nullable: false),
                    origin = table.Column<string>(type: "text", nullable: false),
                    told_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    undone_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_facts", x => x.id);
                    table.ForeignKey(
                        name: "fk_facts_order_id",
                        column: x => x.order_id,
                        principalTable: "orders",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "order_people",
                columns: table => new
                {
                    order_id = table.Column<string>(type: "text", nullable: false),
                    person_id = table.Column<string>(type: "text", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_order_people", x => new { x.order_id, x.person_id });
                    table.ForeignKey(
                        name: "fk_order_people_order_id",
                        column: x => x.order_id,
                        principalTable: "orders",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_order_people_person_id",
                        column: x => x.person_id,
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "order_shipments",
                columns: table => new
                {
                    order_id = table.Column<string>(type: "text", nullable: false),
                    shipment_id = table.Column<long>(type: "bigint", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_order_shipments", x => new { x.order_id, x.shipment_id });
                    table.ForeignKey(
                        name: "fk_order_shipments_order_id",
                        column: x => x.order_id,
                        principalTable: "orders",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_order_shipments_shipment_id",
                        column: x => x.shipment_id,
                        principalTable: "shipments",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "shipment_sources",
                columns: table => new
                {
                    shipment_id = table.Column<long>(type: "bigint", nullable: false),
                    provider = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<string>(type: "text", nullable: false),
                    rank = table.Column<short>(type: "smallint", nullable: false),
                    planned_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    answer_hash = table.Column<byte[]>(type: "bytea", nullable: true),
                    last_answer_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_sight_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_poll_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_outcome = table.Column<string>(type: "text", nullable: true),
                    answers_since_final = table.Column<int>(type: "integer", nullable: false),
                    not_found_in_a_row = table.Column<int>(type: "integer", nullable: false),
                    newest_event_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    poll_every = table.Column<TimeSpan>(type: "interval", nullable: true),
                    next_poll_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    stands_by = table.Column<bool>(type: "boolean", nullable: false),
                    stopped = table.Column<bool>(type: "boolean", nullable: false),
                    urgent = table.Column<bool>(type: "boolean", nullable: false),
                    memo = table.Column<string>(type: "text", nullable: true),
                    summary = table.Column<string>(type: "jsonb", nullable: false),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    lease_token = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_shipment_sources", x => new { x.shipment_id, x.provider, x.number });
                    table.ForeignKey(
                        name: "fk_shipment_sources_shipment_id",
                        column: x => x.shipment_id,
                        principalTable: "shipments",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "stalls",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    order_id = table.Column<string>(type: "text", nullable: false),
                    shipment_id = table.Column<long>(type: "bigint", nullable: false),
                    leg = table.Column<string>(type: "text", nullable: false),
                    level = table.Column<string>(type: "text", nullable: false),
                    last_progress_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    notice_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    stalled_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    critical_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    noticed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    closed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    closed_why = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_stalls", x => x.id);
                    table.ForeignKey(
                        name: "fk_stalls_order_id",
                        column: x => x.order_id,
                        principalTable: "orders",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_stalls_shipment_id",
                        column: x => x.shipment_id,
                        principalTable: "shipments",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "tracking_events",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    shipment_id = table.Column<long>(type: "bigint", nullable: false),
                    fingerprint = table.Column<Guid>(type: "uuid", nullable: false),
                    provider = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<string>(type: "text", nullable: false),
                    code = table.Column<string>(type: "text", nullable: false),
                    time_as_sent = table.Column<string>(type: "text", nullable: false),
                    wall = table.Column<DateTime>(type: "timestamp without time zone", nullable: false),
                    offset_minutes = table.Column<short>(type: "smallint", nullable: true),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    quality = table.Column<string>(type: "text", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    leg = table.Column<string>(type: "text", nullable: true),
                    place = table.Column<string>(type: "text", nullable: true),
                    text = table.Column<string>(type: "text", nullable: false),
                    weight = table.Column<string>(type: "text", nullable: false),
                    action_needed = table.Column<bool>(type: "boolean", nullable: false),
                    customs_trouble = table.Column<bool>(type: "boolean", nullable: false),
                    ordinal = table.Column<int>(type: "integer", nullable: false),
                    raw = table.Column<string>(type: "jsonb", nullable: false),
                    recorded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    first_import = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tracking_events", x => x.id);
                    table.ForeignKey(
                        name: "fk_tracking_events_shipment_id",
                        column: x => x.shipment_id,
                        principalTable: "shipments",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "case_steps",
                columns: table => new
                {
                    case_id = table.Column<Guid>(type: "uuid", nullable: false),
                    step = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    why = table.Column<string>(type: "jsonb", nullable: true),
                    do_by = table.Column<DateOnly>(type: "date", nullable: true),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_case_steps", x => new { x.case_id, x.step });
                    table.ForeignKey(
                        name: "fk_case_steps_case_id",
                        column: x => x.case_id,
                        principalTable: "cases",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "replies",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    message_id = table.Column<string>(type: "text", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    person_id = table.Column<string>(type: "text", nullable: false),
                    order_id = table.Column<string>(type: "text", nullable: true),
                    words = table.Column<string>(type: "text", nullable: false),
                    trouble = table.Column<string>(type: "text", nullable: true),
                    fact_id = table.Column<long>(type: "bigint", nullable: true),
                    taken_back = table.Column<bool>(type: "boolean", nullable: false),
                    once = table.Column<string>(type: "text", nullable: true),
                    told_in = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_replies", x => x.id);
                    table.ForeignKey(
                        name: "fk_replies_fact_id",
                        column: x => x.fact_id,
                        principalTable: "facts",
                        principalColumn: "id");
                    table.ForeignKey(
                        name: "fk_replies_person_id",
                        column: x => x.person_id,
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_replies_told_in",
                        column: x => x.told_in,
                        principalTable: "mails",
                        principalColumn: "id");
                });

            migrationBuilder.CreateTable(
                name: "event_texts",
                columns: table => new
                {
                    event_id = table.Column<long>(type: "bigint", nullable: false),
                    hash = table.Column<Guid>(type: "uuid", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    place = table.Column<string>(type: "text", nullable: true),
                    seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_event_texts", x => new { x.event_id, x.hash });
                    table.ForeignKey(
                        name: "fk_event_texts_event_id",
                        column: x => x.event_id,
                        principalTable: "tracking_events",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_anomalies_shipment_id_event_id_kind",
                table: "anomalies",
                columns: new[] { "shipment_id", "event_id", "kind" },
                unique: true)
                .Annotation("Npgsql:NullsDistinct", false);

            migrationBuilder.CreateIndex(
                name: "ix_cases_order_id",
                table: "cases",
                column: "order_id",
                unique: true,
                filter: "closed_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_facts_order_id_key",
                table: "facts",
                columns: new[] { "order_id", "key" });

            migrationBuilder.CreateIndex(
                name: "ix_mails_composed_at",
                table: "mails",
                column: "composed_at")
                .Annotation("Npgsql:IndexMethod", "brin");

            migrationBuilder.CreateIndex(
                name: "ix_mails_message_id",
                table: "mails",
                column: "message_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_mails_next_attempt_at",
                table: "mails",
                column: "next_attempt_at",
                filter: "next_attempt_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_mails_person_id_composed_at",
                table: "mails",
                columns: new[] { "person_id", "composed_at" });

            migrationBuilder.CreateIndex(
                name: "ix_mails_person_id_thread_composed_at",
                table: "mails",
                columns: new[] { "person_id", "thread", "composed_at" },
                filter: "thread is not null");

            migrationBuilder.CreateIndex(
                name: "ix_notices_dedup_key",
                table: "notices",
                column: "dedup_key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_notices_mail_id",
                table: "notices",
                column: "mail_id");

            migrationBuilder.CreateIndex(
                name: "ix_notices_order_id",
                table: "notices",
                column: "order_id");

            migrationBuilder.CreateIndex(
                name: "ix_notices_waiting",
                table: "notices",
                column: "person_id",
                filter: "mail_id is null and withdrawn_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_order_people_person_id",
                table: "order_people",
                column: "person_id");

            migrationBuilder.CreateIndex(
                name: "ix_order_shipments_shipment_id",
                table: "order_shipments",
                column: "shipment_id");

            migrationBuilder.CreateIndex(
                name: "ix_orders_next_assessment_at",
                table: "orders",
                column: "next_assessment_at",
                filter: "next_assessment_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_payloads_shipment_id_fetched_at",
                table: "payloads",
                columns: new[] { "shipment_id", "fetched_at" });

            migrationBuilder.CreateIndex(
                name: "ix_people_next_digest_at",
                table: "people",
                column: "next_digest_at");

            migrationBuilder.CreateIndex(
                name: "ix_polls_at",
                table: "polls",
                column: "at")
                .Annotation("Npgsql:IndexMethod", "brin");

            migrationBuilder.CreateIndex(
                name: "ix_polls_shipment_id_at",
                table: "polls",
                columns: new[] { "shipment_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_refused_addresses_mail_id",
                table: "refused_addresses",
                column: "mail_id");

            migrationBuilder.CreateIndex(
                name: "ix_registrations_source_at",
                table: "registrations",
                columns: new[] { "source", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_replies_fact_id",
                table: "replies",
                column: "fact_id");

            migrationBuilder.CreateIndex(
                name: "ix_replies_message_id",
                table: "replies",
                column: "message_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_replies_once",
                table: "replies",
                column: "once",
                unique: true,
                filter: "once is not null");

            migrationBuilder.CreateIndex(
                name: "ix_replies_person_id_received_at",
                table: "replies",
                columns: new[] { "person_id", "received_at" });

            migrationBuilder.CreateIndex(
                name: "ix_replies_told_in",
                table: "replies",
                column: "told_in");

            migrationBuilder.CreateIndex(
                name: "ix_replies_untold",
                table: "replies",
                column: "person_id",
                filter: "told_in is null");

            migrationBuilder.CreateIndex(
                name: "ix_shipment_sources_provider_next_poll_at",
                table: "shipment_sources",
                columns: new[] { "provider", "next_poll_at" },
                filter: "next_poll_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_shipment_sources_urgent",
                table: "shipment_sources",
                columns: new[] { "provider", "next_poll_at" },
                filter: "next_poll_at is not null and urgent");

            migrationBuilder.CreateIndex(
                name: "ix_shipments_number",
                table: "shipments",
                column: "number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_shipments_to_plan",
                table: "shipments",
                column: "id",
                filter: "plan is null and archived_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_stalls_order_id_shipment_id",
                table: "stalls",
                columns: new[] { "order_id", "shipment_id" },
                unique: true,
                filter: "closed_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_stalls_shipment_id",
                table: "stalls",
                column: "shipment_id");

            migrationBuilder.CreateIndex(
                name: "ix_tracking_events_shipment_id_fingerprint",
                table: "tracking_events",
                columns: new[] { "shipment_id", "fingerprint" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_tracking_events_unknown",
                table: "tracking_events",
                columns: new[] { "provider", "code" },
                filter: "status = 'Unknown'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "anomalies");

            migrationBuilder.DropTable(
                name: "calendar_events");

            migrationBuilder.DropTable(
                name: "case_steps");

            migrationBuilder.DropTable(
                name: "deadlines");

            migrationBuilder.DropTable(
                name: "event_texts");

            migrationBuilder.DropTable(
                name: "learned_lanes");

            migrationBuilder.DropTable(
                name: "notices");

            migrationBuilder.DropTable(
                name: "order_people");

            migrationBuilder.DropTable(
                name: "order_shipments");

            migrationBuilder.DropTable(
                name: "payloads");

            migrationBuilder.DropTable(
                name: "polls");

            migrationBuilder.DropTable(
                name: "provider_health");

            migrationBuilder.DropTable(
                name: "refused_addresses");

            migrationBuilder.DropTable(
                name: "registrations");

            migrationBuilder.DropTable(
                name: "replies");

            migrationBuilder.DropTable(
                name: "secrets");

            migrationBuilder.DropTable(
                name: "shipment_sources");

            migrationBuilder.DropTable(
                name: "stalls");

            migrationBuilder.DropTable(
                name: "cases");

            migrationBuilder.DropTable(
                name: "tracking_events");

            migrationBuilder.DropTable(
                name: "facts");

            migrationBuilder.DropTable(
                name: "people");

            migrationBuilder.DropTable(
                name: "mails");

            migrationBuilder.DropTable(
                name: "shipments");

            migrationBuilder.DropTable(
                name: "orders");
        }
    }
}
