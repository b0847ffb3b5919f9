using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Registering.Replying;

namespace TrackWatch.Domain.Tests.Registering.Replying;

public class ReplyJudgeTests
{
    private static readonly byte[] Key = [1, 2, 3];
    private static readonly MailTag Mail = new("a1b2c3d4e5");
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2026, 11, 22);
    private static readonly Person Ayse = new() { Id = "ayse", Email = "ayse@example.org" };
    private static readonly ReplyRules Rules = new(20, TimeSpan.FromDays(60));

    private static ReplyToken Token(string person = "ayse", string order = "usb-hub", int days = 60) =>
        ReplyToken.Issue(Key, Mail, person, order, Today.AddDays(days));

    private static IncomingMail Answer(string subject, string body = "", params string[] references) =>
        new("id@client", ["ayse@example.org"], subject, body, references, null);

    private static Correspondent Known(int heard = 0, params SentMail[] answered) =>
        new(Ayse, ["lamp", "usb-hub"], answered, heard);

    private static Recognised Recognise(IncomingMail mail, Correspondent? one = null) =>
        ReplyJudge.Recognise(mail, one is null ? [Known()] : [one], Rules, Key, Now);

    [Fact]
    public void A_token_says_which_order_is_meant() =>
        Recognise(Answer($"done usb-hub [{Token()}]"))
            .ShouldBeOfType<Recognised.As>()
            .ShouldSatisfyAllConditions(
                known => known.Orders.ShouldBe(["usb-hub"]),
                known => known.Mail.ShouldBe(Mail),
                known => known.Expired.ShouldBeFalse()
            );

    [Fact]
    public void A_token_of_somebody_else_or_of_another_order_is_passed_over()
    {
        Recognise(Answer($"received [{Token("mehmet")}]")).ShouldBeOfType<Recognised.Not>();
        Recognise(Answer($"received [{Token(order: "not-mine")}]")).ShouldBeOfType<Recognised.Not>();
    }

    [Fact]
    public void Without_a_token_an_answer_must_name_a_mail_to_its_sender()
    {
        var alert = new SentMail(Mail, "alert.x@example.org", Now.AddDays(-1), ["usb-hub"]);

        Recognise(Answer("Re: hub", "done")).ShouldBeOfType<Recognised.Not>();
        Recognise(Answer("Re: hub", "done", "other@x", "alert.x@example.org"), Known(0, alert))
            .ShouldBeOfType<Recognised.As>()
            .Orders.ShouldBe(["usb-hub"]);
        Recognise(
                Answer("Re: hub", "done", "alert.x@example.org"),
                Known(0, alert with { ComposedAt = Now.AddDays(-61) })
            )
            .ShouldBeOfType<Recognised.As>()
            .Expired.ShouldBeTrue();
    }

    [Fact]
    public void Strangers_machines_several_senders_and_floods_are_passed_over()
    {
        var good = Answer($"done usb-hub [{Token()}]");

        ReplyJudge.Recognise(good, [], Rules, Key, Now).ShouldBeOfType<Recognised.Not>();
        Recognise(good with { Automatic = "Precedence" }).ShouldBeOfType<Recognised.Not>();
        Recognise(good with { From = ["ayse@example.org", "eve@example.org"] }).ShouldBeOfType<Recognised.Not>();
        Recognise(good, Known(heard: 20)).ShouldBeOfType<Recognised.Not>();
        Recognise(good, Known(heard: 19)).ShouldBeOfType<Recognised.As>();
    }

    private static ReplyVerdict Decide(string words, Func<AnsweredOrder, AnsweredOrder>? change = null, int days = 60)
    {
        var mail = Answer($"{words} [{Token(days: days)}]");
        var order = new AnsweredOrder("usb-hub", Today, Step.ContactSeller, OrderFacts.None, false, false);
        return ReplyJudge.Decide(
            mail,
            (Recognised.As)Recognise(mail),
            new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
            {
                ["usb-hub"] = "usb-hub",
                ["LP00612345678901"] = "usb-hub",
                ["lamp"] = "lamp",
            },
            [change?.Invoke(order) ?? order],
            ReplyPhrases.None,
            Today
        );
    }

    private static Fact? FactOf(string words) => Decide(words).ShouldBeOfType<ReplyVerdict.Accept>().Fact;

    [Fact]
    public void Words_become_the_facts_that_commands_tell()
    {
        FactOf("done usb-hub").ShouldBe(new Fact.StepDone(Step.ContactSeller));
        FactOf("done check-customs usb-hub").ShouldBe(new Fact.StepDone(Step.CheckCustoms));
        FactOf("done contact_seller yesterday").ShouldBe(new Fact.StepDone(Step.ContactSeller, Today.AddDays(-1)));
        FactOf("snooze 5d usb-hub").ShouldBe(new Fact.Snoozed(Today.AddDays(5)));
        FactOf("snooze for 2 weeks").ShouldBe(new Fact.Snoozed(Today.AddDays(14)));
        FactOf("received lp00612345678901").ShouldBe(new Fact.Closed(ClosedWhy.Received));
        FactOf("close cancelled").ShouldBe(new Fact.Closed(ClosedWhy.Cancelled));
        FactOf("missing").ShouldBe(new Fact.Missing());
        FactOf("dispute refused 2026-11-20 usb-hub")
            .ShouldBe(new Fact.DisputeDecided(DisputeOutcome.Refused, new DateOnly(2026, 11, 20)));
        FactOf("refund approved 23.90 eur").ShouldBe(new Fact.RefundApproved(null, new Money(23.90m, "EUR")));
        FactOf("hold-until 2026-12-10").ShouldBe(new Fact.CustomsHold(new DateOnly(2026, 12, 10)));
        FactOf("protection 2026-12-20").ShouldBe(new Fact.ProtectionEnds(new DateOnly(2026, 12, 20)));
        FactOf("stop").ShouldBe(new Fact.Mails(false, "ayse"));
        FactOf("resume").ShouldBe(new Fact.Mails(true, "ayse"));
    }

    [Theory]
    [InlineData("done lamp", ReplyTrouble.WrongOrder)]
    [InlineData("done usb-hub lamp", ReplyTrouble.WrongOrder)]
    [InlineData("", ReplyTrouble.Empty)]
    [InlineData("hurrah", ReplyTrouble.Unknown)]
    [InlineData("received?", ReplyTrouble.Unknown)]
    [InlineData("received tomorrow", ReplyTrouble.Unknown)]
    [InlineData("done 2027-01-01", ReplyTrouble.Unknown)]
    [InlineData("snooze 400d", ReplyTrouble.Unknown)]
    [InlineData("not received", ReplyTrouble.Unknown)]
    [InlineData("mails stop", ReplyTrouble.Unknown)]
    [InlineData("undo", ReplyTrouble.NothingToUndo)]
    public void What_is_not_certain_is_told_and_not_done(string words, ReplyTrouble trouble) =>
        Decide(words).ShouldBeOfType<ReplyVerdict.Refuse>().Why.ShouldBe(trouble);

    [Fact]
    public void A_mail_closes_once_and_repeats_the_rest()
    {
        static AnsweredOrder Used(AnsweredOrder order) => order with { UsedUp = true };

        foreach (var closing in (string[])["received", "refunded", "lost", "cancelled", "refund received", "stop"])
            Decide(closing, Used).ShouldBeOfType<ReplyVerdict.Refuse>(closing).Why.ShouldBe(ReplyTrouble.UsedUp);
        foreach (var other in (string[])["snooze 5d", "missing", "done", "resume", "dispute opened"])
            Decide(other, Used).ShouldBeOfType<ReplyVerdict.Accept>(other);
    }

    [Fact]
    public void An_old_mail_does_nothing_any_more() =>
        Decide("done", days: -1).ShouldBeOfType<ReplyVerdict.Refuse>().Why.ShouldBe(ReplyTrouble.Expired);

    [Fact]
    public void Done_needs_a_step_that_was_asked_for() =>
        Decide("done", order => order with { Asked = null })
            .ShouldBeOfType<ReplyVerdict.Refuse>()
            .Why.ShouldBe(ReplyTrouble.WhichStep);

    [Fact]
    public void Undo_takes_back_what_was_told() =>
        Decide("undo", order => order with { CanUndo = true })
            .ShouldBeOfType<ReplyVerdict.Accept>()
            .Fact.ShouldBeNull();

    [Theory]
    [InlineData("Auto-Submitted", "auto-replied")]
    [InlineData("Auto-Submitted", "auto-generated (vacation)")]
    [InlineData("Precedence", "BULK")]
    [InlineData("Precedence", "list")]
    [InlineData("X-Auto-Response-Suppress", "All")]
    [InlineData("X-Autoreply", "yes")]
    [InlineData("Return-Path", "<>")]
    public void What_a_machine_writes_is_known_by_its_marks(string header, string value) =>
        Guard(header, value).ShouldNotBeNull();

    [Theory]
    [InlineData("Auto-Submitted", "no")]
    [InlineData("Precedence", "first-class")]
    [InlineData("Return-Path", "<ayse@example.org>")]
    public void What_a_person_writes_passes(string header, string value) => Guard(header, value).ShouldBeNull();

    [Fact]
    public void Our_own_mails_are_known_by_their_id_and_address()
    {
        Guard("X", "y", "alert.0123456789abcdef0123456789abcdef@example.org").ShouldNotBeNull();
        Guard("X", "y", "CAB1@mail.gmail.com", "watch@example.org").ShouldNotBeNull();
    }

    private static string? Guard(
        string header,
        string value,
        string id = "1@client",
        string from = "ayse@example.org"
    ) =>
        ReplyGuard.WhyAutomatic(
            name => name == header ? [value] : [],
            [from],
            id,
            address => address == "watch@example.org"
        );

    [Theory]
    [InlineData("failed", "5.1.1", "550 5.1.1 User unknown", BounceVerdict.AddressIsDead)]
    [InlineData("failed", "5.1.2", "no such domain", BounceVerdict.AddressIsDead)]
    [InlineData("failed", "5.2.1", "mailbox disabled", BounceVerdict.AddressIsDead)]
    [InlineData("failed", "5.0.0", "smtp; 550 No such user here", BounceVerdict.AddressIsDead)]
    [InlineData("failed", "5.0.0", "smtp; 550 spam", BounceVerdict.MailFailed)]
    [InlineData("failed", "5.1.8", "bad sender", BounceVerdict.MailFailed)]
    [InlineData("failed", "5.2.2", "mailbox full", BounceVerdict.MailFailed)]
    [InlineData("failed", "5.7.1", "refused by policy: user unknown 550", BounceVerdict.MailFailed)]
    [InlineData("failed", "4.4.1", "given up", BounceVerdict.MailFailed)]
    [InlineData("failed", "", "", BounceVerdict.MailFailed)]
    [InlineData("delayed", "5.1.1", "later", BounceVerdict.Nothing)]
    [InlineData("delivered", "2.0.0", "fine", BounceVerdict.Nothing)]
    public void A_report_counts_an_address_dead_only_where_nobody_has_it(
        string action,
        string status,
        string words,
        BounceVerdict verdict
    ) => Bounces.Judge(new DeliveryFate("a@example.org", null, action, status, words)).ShouldBe(verdict);
}
