using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Tests.Composing;

/// <summary>One situation that a mail is written for.</summary>
internal sealed record Situation(string Name, Func<MailWriter, Person, Task<WrittenMail>> WriteAsync)
{
    public override string ToString() => Name;
}

/// <summary>The situations in which people get mail, one of each.</summary>
internal static class Situations
{
    public static readonly IReadOnlyList<Situation> All =
    [
        .. Alerts()
            .Select(a => new Situation(a.Name, (w, p) => w.WriteAsync(Some.Answered(Some.Alert(p, a.Orders(p)))))),
        .. Digests().Select(d => new Situation(d.Name, (w, p) => w.WriteAsync(d.Content(p)))),
        new("alert-without-answers", (w, p) => w.WriteAsync(Some.Alert(p, Dispute()))),
        new("operator-one", (w, p) => w.WriteOperatorAsync([Silent], p.Language, Some.Now, Some.Istanbul)),
        new(
            "operator-several",
            (w, p) =>
                w.WriteOperatorAsync(
                    [
                        Silent,
                        new OperatorNews.ReloadFailed(
                            "orders.yaml",
                            ["orders.yaml:4:3 error: unknown key 'numbr'; did you mean 'number'?"]
                        ),
                        new OperatorNews.MailRefused("ayse", "Hello", "550 no such user"),
                    ],
                    p.Language,
                    Some.Now,
                    Some.Istanbul
                )
        ),
        new("mail-test", (w, p) => w.WriteTestAsync(p, Some.Istanbul, Some.Now)),
    ];

    private static OperatorNews.SourceSilent Silent => new("cainiao", Some.Now.AddDays(-2), "429 Too Many Requests", 7);

    private static IEnumerable<(string Name, Func<Person, OrderSection[]> Orders)> Alerts() =>
        [
            ("stall-ask-the-seller", _ => [Asking(ReasonCode.Silent, Step.ContactSeller)]),
            ("customs-hold", _ => [Customs()]),
            ("customs-papers-without-a-day", _ => [Asking(ReasonCode.CustomsTrouble, Step.CheckCustoms)]),
            ("protection-ends", _ => [Dispute()]),
            ("protection-ends-soon-nothing-wrong", _ => [EndingSoon()]),
            ("last-day-today", _ => [Dispute(Some.Today)]),
            ("assumed-dates", _ => [Assumed()]),
            ("refund-promised-today", _ => [PromiseDue()]),
            ("dispute-refused-ask-the-bank", _ => [Bank()]),
            ("chargeback-ending", _ => [Bank(reason: ReasonCode.ChargebackEnding, doBy: new(2026, 11, 19))]),
            ("wallet-claim-ending", _ => [Deadline(ReasonCode.WalletClaimEnding)]),
            ("ask-the-platform-to-step-in", _ => [Deadline(ReasonCode.EscalationEnding)]),
            ("consumer-body", _ => [Asking(ReasonCode.BankDidNotHelp, Step.ConsumerBody)]),
            ("goes-back-to-the-sender", _ => [GoingBack()]),
            ("number-with-a-slip", _ => [WrongNumber()]),
            ("number-nobody-knows", p => [Some.BareSection(Some.Notice(ReasonCode.NumberUnknown, Step.CheckNumber))]),
            ("delivered-unseen", _ => [News(ReasonCode.DeliveredUnseen, ParcelStatus.Delivered, Leg.PickupPoint)]),
            ("delivered", _ => [News(ReasonCode.Delivered, ParcelStatus.Delivered, Leg.PickupPoint)]),
            (
                "pickup-point-closing",
                _ => [News(ReasonCode.PickupClosing, ParcelStatus.AvailableForPickup, Leg.PickupPoint)]
            ),
            (
                "delivery-attempt-failed",
                _ => [News(ReasonCode.AttemptFailed, ParcelStatus.AttemptFailed, Leg.LastMile)]
            ),
            ("moving-again", _ => [News(ReasonCode.MovingAgain, ParcelStatus.InTransit, Leg.Handover)]),
            ("source-silent", _ => [Blind()]),
            ("several-orders", _ => [Dispute(), Bank("lamp", "Desk lamp")]),
            ("hostile-texts", _ => [Hostile()]),
        ];

    private static IEnumerable<(string Name, Func<Person, MailContent> Content)> Digests() =>
        [
            ("digest", p => Some.Answered(Digest(p))),
            ("digest-without-answers", Digest),
            ("digest-of-one-open-case", p => Some.Answered(Some.Digest(p, Customs(), Moving("case", "Phone case", 2)))),
            ("digest-with-changes", p => Some.Answered(Changed(p))),
            ("welcome", p => Some.Answered(Digest(p)) with { LastDigestAt = null }),
            (
                "welcome-all-quiet",
                p => Some.Digest(p, Moving("case", "Phone case", 2), Waiting()) with { LastDigestAt = null }
            ),
            (
                "weekly-nothing-new",
                p => Some.Digest(p, Moving("case", "Phone case", 2), Moving("cable", "HDMI cable 2 m", 20), Waiting())
            ),
            ("weekly-nothing-under-way", p => Some.Digest(p)),
        ];

    private static OrderSection Dispute(DateOnly? doBy = null) =>
        Some.Section(
            notice: Some.Notice(
                ReasonCode.ProtectionEnding,
                Step.OpenDispute,
                Step.KnowRefundRules,
                doBy ?? new(2026, 11, 26),
                rule: "AE-DISP-02"
            ) with
            {
                Reason = new Reason(ReasonCode.ProtectionEnding, 11, Some.Window.Protection),
            },
            window: Some.Window,
            facts: OrderFacts.Unite([
                new(new Fact.StepDone(Step.ContactSeller, new(2026, 11, 8)), FactOrigin.Command, Some.Now.AddDays(-8)),
                new(new Fact.ProtectionEnds(Some.Window.Protection), FactOrigin.File, Some.Now.AddDays(-30)),
            ])
        );

    public static OrderSection Customs() =>
        Some.Section(
            notice: Some.Notice(ReasonCode.HeldAtCustoms, Step.CheckCustoms, Step.ContactSeller, new(2026, 11, 19)) with
            {
                Reason = new Reason(ReasonCode.HeldAtCustoms, Date: new(2026, 11, 19), Leg: Leg.ImportCustoms),
            },
            facts: OrderFacts.Unite([
                new(
                    new Fact.CustomsHold(new(2026, 11, 19), "A-12", "invoice"),
                    FactOrigin.Command,
                    Some.Now.AddDays(-1)
                ),
            ])
        );

    private static OrderSection Bank(
        string id = "usb-hub",
        string item = "USB-C hub",
        ReasonCode reason = ReasonCode.DisputeRefused,
        DateOnly? doBy = null
    ) =>
        Some.Section(
            Some.Order(id, item) with
            {
                RefundIfUndeliveredBy = null,
            },
            notice: Some.Notice(reason, Step.Chargeback, doBy: doBy),
            facts: OrderFacts.Unite([
                new(new Fact.DisputeOpened(new(2026, 11, 1), "77"), FactOrigin.Command, Some.Now.AddDays(-15)),
                new(
                    new Fact.DisputeDecided(DisputeOutcome.Refused, new(2026, 11, 9)),
                    FactOrigin.Command,
                    Some.Now.AddDays(-7)
                ),
            ])
        );

    public static MailContent Digest(Person person)
    {
        var orders = new List<OrderSection>
        {
            Moving("case", "Phone case", 2),
            Bank("speaker", "Bluetooth speaker"),
            Dispute(),
            News(ReasonCode.Delivered, ParcelStatus.Delivered, Leg.PickupPoint) with
            {
                Order = Some.Order("lamp", "Desk lamp"),
            },
            Moving("cable", "HDMI cable 2 m", 20),
            Moving("pen", "3D pen", 1),
            Waiting(),
        };
        return Some.Digest(person, [.. orders]) with
        {
            Sources = [new SourceTrouble("cainiao", "blocked", Some.Now.AddDays(-1))],
        };
    }

    private static OrderSection Moving(string id, string item, int daysAgo)
    {
        var view = Some.View(ParcelStatus.InTransit, Leg.LineHaul) with
        {
            LastEventAt = Some.Now.AddDays(-daysAgo),
            LastProgressAt = Some.Now.AddDays(-daysAgo),
            LastPlace = "Liège",
        };
        return Some.Section(
            Some.Order(id, item) with
            {
                PromisedBy = new(2026, 12, 4),
                RefundIfUndeliveredBy = null,
            },
            view,
            stalls: [Some.Stall(view, StallLevel.Moving, daysAgo)],
            history:
            [
                new(
                    Some.Now.AddDays(-daysAgo).DateTime,
                    ParcelStatus.InTransit,
                    Leg.LineHaul,
                    "Liège",
                    "Arrived at hub"
                ),
            ]
        );
    }

    private static OrderSection Waiting() =>
        Some.Section(
            Some.Order("seeds", "Screwdriver set"),
            Some.BareView() with
            {
                Number = "LP00698765432109",
                Status = ParcelStatus.InfoReceived,
                Leg = Leg.Label,
            },
            stalls: [],
            history: []
        );

    private static OrderSection Asking(ReasonCode reason, Step step) => Some.Section(notice: Some.Notice(reason, step));

    private static OrderSection Deadline(ReasonCode reason) =>
        Some.Section(
            Some.Order() with
            {
                PaidWith = "paypal",
            },
            notice: Some.Notice(reason, doBy: new(2026, 11, 26)) with
            {
                Kind = NoticeKind.Deadline,
            }
        );

    private static OrderSection News(ReasonCode reason, ParcelStatus status, Leg leg) =>
        Some.Section(view: Some.View(status, leg), notice: Some.Notice(reason), stalls: []);

    private static OrderSection EndingSoon()
    {
        var section = Some.Section(
            notice: Some.Notice(ReasonCode.ProtectionEnding, Step.OpenDispute, doBy: new(2026, 11, 26)) with
            {
                Kind = NoticeKind.Deadline,
                Reason = new Reason(ReasonCode.ProtectionEnding, 11, Some.Window.Protection),
            },
            window: Some.Window
        );
        return section with { Verdict = section.Verdict with { Due = null } };
    }

    private static OrderSection Assumed() =>
        Some.Section(
            Some.Order() with
            {
                Ordered = null,
                PromisedBy = null,
            },
            notice: Some.Notice(ReasonCode.ProtectionEnding, Step.OpenDispute, doBy: new(2026, 11, 26), assumed: true),
            window: Some.Window with
            {
                Assumed = true,
            }
        );

    private static OrderSection PromiseDue() =>
        Some.Section(
            notice: Some.Notice(ReasonCode.RefundPromiseDue, Step.KnowRefundRules, doBy: new(2026, 11, 20)) with
            {
                Reason = new Reason(ReasonCode.RefundPromiseDue, Date: new(2026, 11, 20)),
            }
        );

    /// <summary>The step and the news of the same thing travel together.</summary>
    private static OrderSection GoingBack()
    {
        var section = Some.Section(
            view: Some.View(ParcelStatus.Returning, Leg.ImportCustoms),
            notice: Some.Notice(ReasonCode.GoingBack, Step.ContactSeller)
        );
        return section with { Notices = [.. section.Notices, Some.Notice(ReasonCode.GoingBack)] };
    }

    private static OrderSection WrongNumber() =>
        Some.Section(
            view: Some.BareView() with
            {
                NumberLooksWrong = true,
                Corrections = ["LP00612345678902", "LP00612345678910"],
            },
            notice: Some.Notice(ReasonCode.NumberWrong, Step.CheckNumber),
            stalls: [],
            history: []
        );

    private static OrderSection Blind() =>
        Some.Section(
            view: Some.View() with
            {
                LastAnswerAt = Some.Now.AddDays(-5),
            },
            notice: Dispute().Notices[0],
            window: Some.Window
        );

    private static OrderSection Hostile()
    {
        var attack =
            "<script>alert(1)</script><img src=x onerror=alert(1)>\r\nBcc: victim@example.org\u202E\u2067evil "
            + new string('A', 10_000);
        return Some.Section(
            Some.Order(item: attack) with
            {
                Seller = attack,
            },
            Some.View() with
            {
                LastText = attack,
                LastPlace = attack,
                Carrier = attack,
            },
            Some.Notice(ReasonCode.HeldAtCustoms, Step.CheckCustoms, doBy: new(2026, 11, 26)),
            history: [new(new(2026, 11, 4, 8, 0, 0), ParcelStatus.Customs, Leg.ImportCustoms, attack, attack)]
        );
    }

    /// <summary>A parcel has moved on since the last digest, and its buyer told something of another.</summary>
    private static MailContent Changed(Person person)
    {
        var moved = Moving("case", "Phone case", 2);
        moved = moved with
        {
            Shipments =
            [
                moved.Shipments[0] with
                {
                    AtLastDigest = new ParcelState(ParcelStatus.InTransit, Leg.Origin),
                },
            ],
        };
        var told = Dispute() with
        {
            Facts = OrderFacts.Unite([
                new(new Fact.DisputeOpened(new(2026, 11, 14), "77"), FactOrigin.Mail, Some.Now.AddDays(-2)),
            ]),
        };
        return Some.Digest(person, told, moved);
    }
}
