using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Advising.Deadlines;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.TestKit;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Notifying.Composing;

namespace TrackWatch.Worker.Tests.Composing;

/// <summary>People, orders and mails for tests about words. The day is 16 November 2026 in Istanbul.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Now = new(2026, 11, 16, 6, 0, 0, TimeSpan.Zero);
    public static readonly DateOnly Today = new(2026, 11, 16);
    public static readonly TimeZoneInfo Istanbul = TimeZoneInfo.FindSystemTimeZoneById("Europe/Istanbul");

    /// <param name="warnings">Where what is logged goes.</param>
    public static ServiceProvider Services(ICollection<string>? warnings = null) =>
        new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(new Listener(warnings ?? [])))
            .AddMetrics()
            .AddComposing()
            .BuildServiceProvider();

    public static Person Person(string language = "en") =>
        new()
        {
            Id = "ayse",
            Name = "Ayşe Yılmaz",
            Email = "ayse@example.org",
            Address = "Moda Cad. 1\nKadıköy\n34710 İstanbul",
            Language = language,
            TimeZone = "Europe/Istanbul",
            Country = "TR",
            Cards = new Dictionary<string, PaymentCard> { ["visa-1"] = new("visa", "Example Bank", "1234", "TR") },
        };

    /// <summary>Says only what nobody can leave out.</summary>
    public static Person Stranger(string language = "en") =>
        new()
        {
            Id = "me@example.org",
            Email = "me@example.org",
            Language = language,
        };

    public static Order Order(string id = "usb-hub", string item = "USB-C hub") =>
        new()
        {
            Id = id,
            People = ["ayse"],
            Tracking = [new TrackedParcel("LP00612345678901")],
            OrderNumber = "8171234567890123",
            Item = item,
            Seller = "ABC Store",
            Value = new Money(23.90m, "EUR"),
            PaidWith = "visa-1",
            PaidOn = new(2026, 9, 14),
            Charged = new Money(1012.40m, "TRY"),
            TaxPaidAtCheckout = true,
            Ordered = new(2026, 9, 14),
            Shipped = new(2026, 9, 16),
            PromisedBy = new(2026, 10, 20),
            RefundIfUndeliveredBy = new(2026, 11, 20),
            ShipTo = new Destination("TR", "34710"),
        };

    public static Order BareOrder() =>
        new()
        {
            Id = "LP00612345678901",
            People = ["me@example.org"],
            Tracking = [new TrackedParcel("LP00612345678901")],
        };

    public static ShipmentView View(ParcelStatus status = ParcelStatus.Customs, Leg? leg = Leg.ImportCustoms) =>
        new()
        {
            Id = 1,
            Number = "LP00612345678901",
            RegisteredAt = new(2026, 9, 16, 8, 0, 0, TimeSpan.Zero),
            Status = status,
            Leg = leg,
            FirstEventAt = new(2026, 9, 17, 3, 0, 0, TimeSpan.Zero),
            FirstScanAt = new(2026, 9, 18, 3, 0, 0, TimeSpan.Zero),
            LastEventAt = new(2026, 11, 4, 5, 0, 0, TimeSpan.Zero),
            LastProgressAt = new(2026, 11, 4, 5, 0, 0, TimeSpan.Zero),
            LastText = "Arrived at customs, waiting for clearance",
            LastPlace = "Istanbul",
            LastAnswerAt = Now.AddHours(-2),
            Carrier = "Cainiao",
            LastMileNumber = "RB123456785CN",
        };

    public static ShipmentView BareView() =>
        new()
        {
            Id = 1,
            Number = "LP00612345678901",
            RegisteredAt = new(2026, 11, 1, 8, 0, 0, TimeSpan.Zero),
            LastAnswerAt = Now.AddHours(-2),
        };

    public static IReadOnlyList<HistoryLine> History() =>
        [
            new(
                new(2026, 11, 4, 8, 0, 0),
                ParcelStatus.Customs,
                Leg.ImportCustoms,
                "Istanbul",
                "Arrived at customs, waiting for clearance"
            ),
            new(
                new(2026, 11, 1, 22, 10, 0),
                ParcelStatus.InTransit,
                Leg.LineHaul,
                "Istanbul",
                "Arrived at destination country/region"
            ),
            new(
                new(2026, 10, 28, 3, 40, 0),
                ParcelStatus.InTransit,
                Leg.LineHaul,
                "Hangzhou",
                "Departed from departure country/region"
            ),
            new(new(2026, 9, 20, 6, 0, 0), ParcelStatus.InTransit, Leg.Origin, "Shenzhen", "Accepted by carrier"),
            new(new(2026, 9, 17, 3, 0, 0), ParcelStatus.InfoReceived, Leg.Label, null, "Order information received"),
        ];

    public static Assessment Stall(
        ShipmentView view,
        StallLevel level = StallLevel.Stalled,
        int days = 12,
        bool held = false
    ) =>
        new(
            view,
            level,
            view.Leg ?? Leg.Label,
            held,
            days,
            Now.AddDays(-days),
            TestRules.Book.Stalls.For(view.Leg ?? Leg.Label, held, Today),
            new LevelLimits(6, 11, 21),
            false,
            [],
            Now.AddDays(-1),
            false
        );

    public static OrderSection Section(
        Order? order = null,
        ShipmentView? view = null,
        NoticeDraft? notice = null,
        OrderFacts? facts = null,
        DisputeWindow? window = null,
        IReadOnlyList<Assessment>? stalls = null,
        IReadOnlyList<HistoryLine>? history = null,
        Person? buyer = null
    )
    {
        order ??= Order();
        view ??= View();
        var due = notice?.Step is { } step ? new StepVerdict(step, StepState.Due, notice.Reason, notice.DoBy) : null;
        return new OrderSection(
            order,
            facts ?? OrderFacts.None,
            new CaseVerdict(due is not null, due, [], stalls ?? [Stall(view)], window, [])
            {
                Deadlines = Deadlines(order, view, facts ?? OrderFacts.None, buyer ?? Person()),
            },
            [
                new ShipmentSection(
                    view,
                    history ?? History(),
                    "cainiao",
                    new Uri("https://global.cainiao.com/newDetail.htm?mailNoList=LP00612345678901"),
                    "PTT",
                    new Uri("https://gonderitakip.ptt.gov.tr/")
                )
                {
                    AtLastDigest = new(view.Status, view.Leg),
                },
            ],
            notice is null ? [] : [notice]
        );
    }

    private static IReadOnlyList<Deadline> Deadlines(Order order, ShipmentView view, OrderFacts facts, Person buyer)
    {
        var limits = new LevelDays(6, 11, 21);
        return new OrderDays(
            new OrderSnapshot(
                order,
                facts,
                [view],
                [],
                new Dictionary<string, DateTimeOffset>(),
                limits,
                Istanbul,
                TestRules.Book,
                buyer
            ),
            Now
        ).All;
    }

    /// <summary>An order about which nothing is known but its number.</summary>
    public static OrderSection BareSection(NoticeDraft notice) =>
        new(
            BareOrder(),
            OrderFacts.None,
            new CaseVerdict(true, null, [], [], null, []),
            [new ShipmentSection(BareView(), [], "cainiao", null, null, null)],
            [notice]
        );

    public static readonly DisputeWindow Window = new()
    {
        Protection = new(2026, 11, 27),
        Assumed = false,
        OpensOn = new(2026, 9, 26),
        PlanBy = new(2026, 11, 17),
        LastSafeDay = new(2026, 11, 26),
        EndsAt = new(2026, 11, 28, 8, 0, 0, TimeSpan.Zero),
        LastChance = new(2026, 12, 12),
        LastSafeChance = new(2026, 12, 11),
        ClosesAt = new(2026, 12, 13, 8, 0, 0, TimeSpan.Zero),
        Rule = "AE-DISP-02",
    };

    public static NoticeDraft Notice(
        ReasonCode code,
        Step? step = null,
        Step? with = null,
        DateOnly? doBy = null,
        NoticeKind? kind = null,
        bool assumed = false,
        string? rule = null
    ) =>
        new(
            $"test/{code}",
            kind ?? (step is null ? NoticeKind.News : NoticeKind.Step),
            Channel.Alert,
            new Reason(code, 12, new(2026, 11, 9), Leg.ImportCustoms, assumed),
            step,
            with,
            doBy,
            assumed,
            Rule: rule
        );

    public static MailContent Alert(Person person, params OrderSection[] sections) =>
        new(MailKind.Alert, person, Istanbul, sections, [], TestRules.Book, Now);

    public static MailContent Digest(Person person, params OrderSection[] sections) =>
        new(MailKind.Digest, person, Istanbul, sections, [], TestRules.Book, Now) { LastDigestAt = Now.AddDays(-7) };

    /// <summary>As it is where answers are read.</summary>
    public static MailContent Answered(MailContent content) =>
        content with
        {
            Reply = (order, command) =>
                new Uri(
                    $"mailto:answers@trackwatch.example?subject={Uri.EscapeDataString($"TrackWatch {order} [k3v9-7qpd]")}&body={Uri.EscapeDataString(command)}"
                ),
        };

    private sealed class Listener(ICollection<string> warnings) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
                warnings.Add(formatter(state, exception));
        }

        public void Dispose() { }
    }
}
