using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;
using TrackWatch.TestKit;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Tests.Composing;

public partial class MailWriterTests
{
    private static readonly List<string> Warnings = [];
    private static readonly MailWriter Writer = Some.Services(Warnings).GetRequiredService<MailWriter>();
    private static readonly LanguageFiles Files = Some.Services().GetRequiredService<LanguageFiles>();
    private static readonly DateOnly DoBy = new(2026, 11, 26);
    private static readonly IReadOnlyCollection<string> Languages = LanguageFiles.Tags;

    public MailWriterTests() => Warnings.Clear();

    /// <summary>All pairs in the languages that are complete; in drafts each step and each reason, in pairs that go round.</summary>
    public static TheoryData<string, Step, ReasonCode> StepsAndReasons()
    {
        var data = new TheoryData<string, Step, ReasonCode>();
        foreach (var language in Languages)
        foreach (var (i, step) in Steps.All.Index())
        foreach (var (j, code) in Enum.GetValues<ReasonCode>().Index())
            if (!Files.Of(language).LettersAreDrafts || j % Steps.All.Count == i)
                data.Add(language, step, code);
        return data;
    }

    public static TheoryData<string, ReasonCode> News()
    {
        var data = new TheoryData<string, ReasonCode>();
        foreach (var language in Languages)
        foreach (
            var code in (ReasonCode[])
                [
                    ReasonCode.Delivered,
                    ReasonCode.DeliveredUnseen,
                    ReasonCode.ReadyForPickup,
                    ReasonCode.PickupClosing,
                    ReasonCode.AttemptFailed,
                    ReasonCode.GivenUp,
                    ReasonCode.CustomsTrouble,
                    ReasonCode.MovingAgain,
                    ReasonCode.Trouble,
                    ReasonCode.GoingBack,
                ]
        )
            data.Add(language, code);
        return data;
    }

    [Theory]
    [MemberData(nameof(StepsAndReasons))]
    public async Task Every_step_for_every_reason_is_said_without_gaps(string language, Step step, ReasonCode code)
    {
        var notice = Some.Notice(code, step, step == Step.CheckCustoms ? Step.ContactSeller : null, DoBy);
        var full = Some.Section(notice: notice, window: Some.Window);
        // The same with nothing known: no name, no date, no scan, no reason's date.
        var bare = Some.BareSection(notice with { Reason = new Reason(code), DoBy = DoBy });

        foreach (
            var mail in (WrittenMail[])
                [
                    await Writer.WriteAsync(Some.Alert(Some.Person(language), full)),
                    await Writer.WriteAsync(Some.Alert(Some.Stranger(language), bare)),
                    await Writer.WriteAsync(Some.Digest(Some.Person(language), full)),
                ]
        )
        {
            ShouldBeWhole(mail);
            var date = new Words(Files, Files.Of(language), Some.Today).Day(DoBy);
            if (code != ReasonCode.RefundPromiseDue)
                mail.Text.ReplaceLineEndings(" ").ShouldContain(date);
            Parse(mail).DocumentElement.GetAttribute("lang").ShouldBe(language);
            if (code != ReasonCode.RefundPromiseDue)
                Parse(mail).Body!.TextContent.ShouldContain(date);
        }
        // And where not even a day is known.
        var dayless = bare with
        {
            Notices = [bare.Notices[0] with { DoBy = null }],
        };
        ShouldBeWhole(await Writer.WriteAsync(Some.Alert(Some.Stranger(language), dayless)));
        ShouldBeWhole(await Writer.WriteAsync(Some.Digest(Some.Stranger(language), dayless)));
    }

    [Theory]
    [InlineData("TR", "visa-1", Step.ConsumerBody, "Tüketici Hakem Heyeti (TÜBİS, e-Devlet)", "tuketicisikayeti")]
    [InlineData("GB", "visa-1", Step.ConsumerBody, "Financial Ombudsman Service", "financial-ombudsman.org.uk")]
    [InlineData("DE", "visa-1", Step.ConsumerBody, "ECC-Net (only for a seller in the EU", "eccnet.eu")]
    [InlineData("DE", "visa-1", Step.CheckCustoms, "Zollamt", "zoll.de")]
    [InlineData("TR", "visa-1", Step.OpenDispute, "Order page: AliExpress", "aliexpress.com")]
    [InlineData("TR", "visa-1", Step.OpenDispute, "Dispute page", null)]
    [InlineData("TR", "paypal", Step.Chargeback, "PayPal Resolution Centre", "paypal.com/disputes")]
    [InlineData("TR", "visa-1", Step.Chargeback, "Bank dispute form", null)]
    public async Task Where_to_go_is_named_with_its_page_where_a_rule_knows_it(
        string country,
        string paidWith,
        Step step,
        string name,
        string? address
    )
    {
        var buyer = Some.Person() with { Country = country };
        var order = Some.Order() with { PaidWith = paidWith, ShipTo = new Destination(country) };
        var notice = Some.Notice(ReasonCode.BankDidNotHelp, step);
        var html = Parse(await Writer.WriteAsync(Some.Alert(buyer, Some.Section(order, notice: notice, buyer: buyer))));

        html.QuerySelectorAll("li")
            .Any(li => li.TextContent.Contains(" · ", StringComparison.Ordinal))
            .ShouldBe(step != Step.Chargeback || paidWith == "paypal");
        var place = html.QuerySelectorAll("li")
            .First(li => li.TextContent.Trim().StartsWith(name, StringComparison.Ordinal));
        var link = place.QuerySelector("a")?.GetAttribute("href");
        if (address is null)
            link.ShouldBeNull();
        else
            link.ShouldNotBeNull().ShouldContain(address);
    }

    [Theory]
    [InlineData("PL", "To: the consumer authority of your country")]
    [InlineData("TR", "To: Tüketici Hakem Heyeti (TÜBİS, e-Devlet)")]
    [InlineData("GB", "To: Citizens Advice")]
    public async Task A_complaint_is_addressed_to_a_body_only_where_a_source_names_it(string country, string line)
    {
        var buyer = Some.Person() with { Country = country };
        var section = Some.Section(notice: Some.Notice(ReasonCode.BankDidNotHelp, Step.ConsumerBody), buyer: buyer);

        var mail = await Writer.WriteAsync(Some.Alert(buyer, section));

        mail.Text.ShouldContain(line);
        if (country == "PL")
            mail.Text.ShouldContain("UOKiK · PL-BODY, found on no page");
    }

    [Fact]
    public async Task A_day_that_another_fact_would_sharpen_asks_for_that_fact()
    {
        var section = Some.Section(
            Some.Order() with
            {
                PaidOn = null,
                PromisedBy = null,
            },
            notice: Some.Notice(ReasonCode.DisputeRefused, Step.Chargeback, doBy: new(2027, 1, 12), assumed: true)
        );

        var mail = await Writer.WriteAsync(Some.Alert(Some.Person(), section));

        Blanks()
            .Replace(mail.Text, " ")
            .ShouldContain("assumed: This date is our estimate. Add paid_on to the orders file");
    }

    [Theory]
    [InlineData("en", "may still be possible until 18 January 2027", "; sources disagree, checked 22 November 2026")]
    [InlineData("tr", "18 Ocak 2027 tarihine kadar da mümkün olabilir", "; kaynaklar")]
    public async Task A_later_reading_of_a_last_day_is_told_as_a_maybe(string language, string maybe, string doubt)
    {
        var last = new DateOnly(2026, 12, 13);
        var section = Some.Section(
            Some.Order() with
            {
                Marketplace = "temu",
            },
            notice: Some.Notice(ReasonCode.Silent, Step.OpenDispute, doBy: last, rule: "TM-02")
        );

        foreach (var kind in (MailKind[])[MailKind.Alert, MailKind.Digest])
        {
            var mail = await Writer.WriteAsync(Some.Alert(Some.Person(language), section) with { Kind = kind });
            var text = Blanks().Replace(mail.Text, " ");

            text.ShouldContain(maybe);
            text.ShouldContain(language == "en" ? " · TM-02, sources disagree " : " · TM-02, kaynaklar");
            text.ShouldContain("TM-02: ");
            text.ShouldContain(doubt);
        }
    }

    [Fact]
    public async Task A_rule_that_nobody_has_checked_for_long_is_said_to_be_unverified()
    {
        var section = Some.Section(notice: Some.Notice(ReasonCode.Silent, Step.OpenDispute, rule: "AE-DISP-02"));

        foreach (var kind in (MailKind[])[MailKind.Alert, MailKind.Digest])
        {
            var mail = await Writer.WriteAsync(
                Some.Alert(Some.Person(), section) with
                {
                    Kind = kind,
                    Now = Some.Now.AddYears(1),
                }
            );

            Blanks().Replace(mail.Text, " ").ShouldContain("; sources disagree, not verified since 22 November 2026");
        }
    }

    [Theory]
    [MemberData(nameof(News))]
    public async Task News_are_said_without_gaps_and_without_a_day(string language, ReasonCode code)
    {
        var mail = await Writer.WriteAsync(
            Some.Alert(Some.Person(language), Some.Section(notice: Some.Notice(code), stalls: []))
        );

        ShouldBeWhole(mail);
        mail.Subject.ShouldContain("USB-C hub");
        var bare = Some.BareSection(Some.Notice(code) with { Reason = new Reason(code) });
        ShouldBeWhole(await Writer.WriteAsync(Some.Alert(Some.Stranger(language), bare)));
        ShouldBeWhole(await Writer.WriteAsync(Some.Digest(Some.Stranger(language), bare)));
    }

    [Theory]
    [InlineData("en", ReasonCode.EscalationEnding, "Ask the platform to step in by Thu 26 Nov: USB-C hub")]
    [InlineData(
        "tr",
        ReasonCode.EscalationEnding,
        "Platformdan devreye girmesini isteyin, son gün 26 Kas Per: USB-C hub"
    )]
    [InlineData("en", ReasonCode.WalletClaimEnding, "Make the dispute a claim by Thu 26 Nov: USB-C hub")]
    [InlineData("tr", ReasonCode.WalletClaimEnding, "İtirazı talebe çevirin, son gün 26 Kas Per: USB-C hub")]
    [InlineData("en", ReasonCode.RefundExpected, "Has the refund arrived? USB-C hub")]
    [InlineData("tr", ReasonCode.LateCreditDue, "Geç teslim kuponu olabilir: USB-C hub")]
    [InlineData("en", ReasonCode.AuthorityLimitChanged, "New limits at the consumer body: USB-C hub")]
    public async Task A_day_that_belongs_to_no_step_is_said_with_what_to_do(
        string language,
        ReasonCode code,
        string subject
    )
    {
        var notice = Some.Notice(code, doBy: subject.Contains("26", StringComparison.Ordinal) ? DoBy : null) with
        {
            Kind = NoticeKind.Deadline,
        };
        foreach (var section in new[] { Some.Section(notice: notice, stalls: []), Some.BareSection(notice) })
        {
            ShouldBeWhole(await Writer.WriteAsync(Some.Alert(Some.Person(language), section)));
            ShouldBeWhole(await Writer.WriteAsync(Some.Digest(Some.Person(language), section)));
        }
        (
            await Writer.WriteAsync(Some.Alert(Some.Person(language), Some.Section(notice: notice, stalls: [])))
        ).Subject.ShouldBe(subject);
    }

    [Theory]
    [InlineData("en", "Open the dispute by Thu 26 Nov: USB-C hub")]
    [InlineData("tr", "İtiraz açın, son gün 26 Kas Per: USB-C hub")]
    public async Task A_subject_says_the_one_thing_with_its_date(string language, string subject)
    {
        var mail = await Writer.WriteAsync(Some.Alert(Some.Person(language), Dispute()));

        mail.Subject.ShouldBe(subject);
    }

    [Fact]
    public async Task A_dispute_mail_brings_statement_refund_rules_and_the_missing_button()
    {
        var mail = await Writer.WriteAsync(Some.Alert(Some.Person(), Dispute()));
        var text = mail.Text.ReplaceLineEndings(" ");

        text.ShouldContain("Reason: goods not received. Requested: full refund of 23.90 EUR.");
        text.ShouldContain("These are the dates that protect your money");
        text.ShouldContain("If the button is missing");
        text.ShouldContain("trackwatch done usb-hub open-dispute");
        text.ShouldContain("AE-DISP-02");
        text.ShouldContain("the order page counts in Pacific time");
    }

    [Theory]
    [MemberData(nameof(LanguageTests.Translations), MemberType = typeof(LanguageTests))]
    public async Task A_text_for_the_seller_comes_in_English_too_and_a_draft_says_that_it_is_one(string language)
    {
        var mail = await Writer.WriteAsync(Some.Alert(Some.Person(language), Dispute()));
        var html = Parse(mail);

        html.QuerySelectorAll("pre").Select(pre => pre.GetAttribute("lang")).ShouldBe([language, "en"]);
        html.QuerySelectorAll("pre")[1].TextContent.ShouldContain("14 September 2026");
        var words = new Words(Files, Files.Of(language), Some.Today);
        html.Body!.TextContent.Contains(words.Say("labels.draft-letter"), StringComparison.Ordinal)
            .ShouldBe(words.Language.LettersAreDrafts);
    }

    [Fact]
    public async Task An_assumed_day_is_said_to_be_assumed()
    {
        var notice = Some.Notice(ReasonCode.ProtectionEnding, Step.OpenDispute, doBy: DoBy, assumed: true);
        var mail = await Writer.WriteAsync(
            Some.Alert(Some.Person(), Some.Section(notice: notice, window: Some.Window with { Assumed = true }))
        );

        mail.Text.ReplaceLineEndings(" ").ShouldContain("assumed: This date is our estimate.");
        mail.Html.ShouldContain("This date is our estimate.");
    }

    [Fact]
    public async Task The_full_order_number_stands_in_letters_only()
    {
        var html = Parse(await Writer.WriteAsync(Some.Alert(Some.Person(), Dispute())));
        html.QuerySelectorAll("pre").ShouldAllBe(pre => pre.TextContent.Contains("8171234567890123"));
        foreach (var letter in html.QuerySelectorAll("pre").ToList())
            letter.Remove();

        html.DocumentElement.TextContent.ShouldNotContain("8171234567890123");
        html.DocumentElement.TextContent.ShouldNotContain("Moda Cad.");
    }

    [Fact]
    public async Task A_wrong_number_brings_the_likeliest_ones()
    {
        var view = Some.BareView() with
        {
            NumberLooksWrong = true,
            Corrections = ["LP00612345678902", "LP00612345678910"],
        };
        var mail = await Writer.WriteAsync(
            Some.Alert(
                Some.Person(),
                Some.Section(
                    view: view,
                    notice: Some.Notice(ReasonCode.NumberWrong, Step.CheckNumber),
                    stalls: [],
                    history: []
                )
            )
        );

        mail.Text.ShouldContain("Did you mean:\n  LP00612345678902 or LP00612345678910?");
    }

    [Theory]
    [InlineData("en", "the number of an order, not of a parcel")]
    [InlineData("tr", "bir siparişin numarasına benziyor")]
    public async Task An_unknown_number_as_long_as_an_order_s_is_called_one(string language, string said)
    {
        var mail = await Writer.WriteAsync(
            Some.Alert(
                Some.Person(language),
                Some.Section(
                    view: Some.BareView() with
                    {
                        MayBeOrderNumber = true,
                    },
                    notice: Some.Notice(ReasonCode.NumberUnknown, Step.CheckNumber),
                    stalls: [],
                    history: []
                )
            )
        );

        mail.Text.ReplaceLineEndings(" ").Replace("  ", " ").ShouldContain(said);
    }

    [Theory]
    [InlineData("TR", "2026-11-16", true)]
    [InlineData("TR", "2026-02-05", false)]
    [InlineData("DE", "2026-06-30", false)]
    [InlineData("DE", "2026-07-01", true)]
    [InlineData("DE", "2028-07-02", false)]
    [InlineData("JP", "2026-11-16", false)]
    public async Task A_country_s_customs_line_is_printed_only_while_its_rule_is_in_force(
        string country,
        string day,
        bool printed
    )
    {
        var section = Some.Section(
            Some.Order() with
            {
                ShipTo = new Destination(country),
            },
            notice: Some.Notice(ReasonCode.Silent, Step.CheckCustoms)
        );
        var mail = await Writer.WriteAsync(
            Some.Alert(Some.Person(), section) with
            {
                Now = new DateTimeOffset(
                    DateOnly
                        .Parse(day, System.Globalization.CultureInfo.InvariantCulture)
                        .ToDateTime(new TimeOnly(12, 0)),
                    TimeSpan.Zero
                ),
            }
        );

        var lines = TestRules.Book.All.Where(r => r is not ContactRule && r.Id.Contains("-CUS-"));
        (
            lines.Any(r => mail.Text.Contains($"{r.Id}:")) && mail.Text.ReplaceLineEndings(" ").Contains(" 2026 ")
        ).ShouldBe(printed);
    }

    [Theory]
    [InlineData("DE", null, "Article 18 of Directive 2011/83/EU")]
    [InlineData("TR", null, "Law No. 6502")]
    [InlineData("GB", null, "section 28 of the Consumer Rights Act 2015")]
    [InlineData("US", null, "FTC Mail, Internet, or Telephone Order")]
    [InlineData("BR", null, "Article 35 of the Brazilian")]
    [InlineData("CA", "H2X 1Y4", "Consumer Protection Act of Québec")]
    [InlineData("CA", "M5V 2T6", "the consumer protection law of my country")]
    [InlineData(null, null, "the consumer protection law of my country")]
    public async Task A_complaint_rests_on_the_law_of_the_person_s_country(
        string? country,
        string? postcode,
        string law
    )
    {
        var section = Some.Section(
            Some.Order() with
            {
                ShipTo = new Destination(country ?? "TR", postcode),
            },
            notice: Some.Notice(ReasonCode.BankDidNotHelp, Step.ConsumerBody)
        );
        var mail = await Writer.WriteAsync(Some.Alert(Some.Person() with { Country = country }, section));

        mail.Text.ShouldContain(law);
    }

    [Fact]
    public async Task Hostile_words_of_carriers_and_orders_are_inert()
    {
        var attack =
            "<script>alert(1)</script><img src=x onerror=alert(1)>\r\nBcc: victim@example.org\u202E\u2067evil\u0007\0 ";
        var huge = attack + new string('A', 10_000);
        var order = Some.Order(item: huge) with { Seller = huge, Id = "usb-hub", OrderNumber = "1\r\n2" };
        var view = Some.View() with { LastText = huge, LastPlace = huge, Carrier = huge, LastMileNumber = huge };
        var history = Enumerable
            .Repeat(new HistoryLine(new(2026, 11, 4, 8, 0, 0), ParcelStatus.Customs, Leg.ImportCustoms, huge, huge), 30)
            .ToList();
        var section = Some.Section(
            order,
            view,
            Some.Notice(ReasonCode.HeldAtCustoms, Step.CheckCustoms, Step.ContactSeller, DoBy),
            history: history
        );
        section = section with
        {
            Shipments = [section.Shipments[0] with { LastMileCarrier = huge, Page = new Uri("javascript:alert(1)") }],
        };

        foreach (var kind in (MailKind[])[MailKind.Alert, MailKind.Digest])
        {
            var mail = await Writer.WriteAsync(
                Some.Alert(Some.Person() with { Name = huge }, section) with
                {
                    Kind = kind,
                }
            );

            ShouldBeWhole(mail);
            var html = Parse(mail);
            html.QuerySelectorAll("script, img, [onerror]").ShouldBeEmpty();
            html.QuerySelectorAll("a").ShouldAllBe(a => a.GetAttribute("href")!.StartsWith("https://"));
            foreach (var part in (string[])[mail.Subject, mail.Html, mail.Text])
            {
                part.ShouldNotContain('\u202E');
                part.ShouldNotContain('\u2067');
                part.ShouldNotContain('\u0007');
                part.ShouldNotContain('\0');
            }
            mail.Subject.Length.ShouldBeLessThanOrEqualTo(160);
            mail.Subject.ShouldNotContain('\n');
            mail.Text.ShouldNotContain("\nBcc:");
            mail.Text.ShouldNotContain(new string('A', 301));
        }
    }

    [Fact]
    public async Task Right_to_left_words_do_not_turn_a_sentence_around()
    {
        var mail = await Writer.WriteAsync(
            Some.Alert(
                Some.Person(),
                Some.Section(Some.Order(item: "سماعات"), notice: Some.Notice(ReasonCode.MovingAgain))
            )
        );

        mail.Subject.ShouldBe("Moving again: \u2068سماعات\u2069");
    }

    [Fact]
    public async Task A_mail_about_many_orders_stays_below_what_clients_cut_off()
    {
        var sections = Enumerable.Range(0, 25).Select(i => Dispute(Some.Order($"order-{i}", $"Thing {i}"))).ToArray();

        foreach (var kind in (MailKind[])[MailKind.Alert, MailKind.Digest])
        {
            var mail = await Writer.WriteAsync(Some.Alert(Some.Person("tr"), sections) with { Kind = kind });

            Encoding.UTF8.GetByteCount(mail.Html).ShouldBeLessThan(100_000);
            mail.Html.ShouldContain("Thing 24");
        }
    }

    [Fact]
    public async Task A_digest_tells_the_most_pressing_first_and_the_quiet_ones_in_a_line()
    {
        var quiet = Moving("quiet", "Quiet thing", 20);
        var moving = Moving("moving", "Moving thing", 2);
        var later = Dispute(Some.Order("later", "Later thing"), new(2026, 12, 1));
        var sooner = Dispute(Some.Order("sooner", "Sooner thing"), new(2026, 11, 18));
        var mail = await Writer.WriteAsync(Some.Digest(Some.Person(), quiet, moving, later, sooner));

        string[] things = ["Sooner thing", "Later thing", "Moving thing", "Quiet thing"];
        var body = mail.Text;
        things.Select(thing => body.IndexOf(thing, StringComparison.Ordinal)).ShouldBeInOrder();
        mail.Subject.ShouldBe("2 need you, the first by Wed 18 Nov; 2 on the way");
        body.ShouldContain("1 parcel without news: Quiet thing.");
    }

    [Fact]
    public async Task A_parcel_that_waits_to_be_collected_is_shown_before_those_that_move()
    {
        var waits = Moving("waits", "Waiting thing", 20);
        var view = waits.Shipments[0].View with { Status = ParcelStatus.AvailableForPickup };
        waits = waits with { Shipments = [waits.Shipments[0] with { View = view }] };

        var mail = await Writer.WriteAsync(Some.Digest(Some.Person(), Moving("moving", "Moving thing", 2), waits));

        mail.Text.IndexOf("Waiting thing: Ready for pick-up", StringComparison.Ordinal)
            .ShouldBeInRange(0, mail.Text.IndexOf("Moving thing", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("visa-1", "Ask your bank for the money back by Tue 12 Jan 2027: USB-C hub", "CB-VISA-01")]
    [InlineData("troy", "Ask your bank for the money back by Tue 12 Jan 2027: USB-C hub", "CB-TR-03")]
    [InlineData("paypal", "Ask your bank for the money back: USB-C hub", "PP-01")]
    [InlineData(null, "Ask your bank for the money back: USB-C hub", null)]
    public async Task The_bank_s_last_day_is_named_only_where_the_card_is_known(
        string? paidWith,
        string subject,
        string? rule
    )
    {
        var section = Some.Section(
            Some.Order() with
            {
                PaidWith = paidWith,
            },
            notice: Some.Notice(ReasonCode.DisputeRefused, Step.Chargeback)
        );
        var mail = await Writer.WriteAsync(Some.Alert(Some.Person(), section));

        mail.Subject.ShouldBe(subject);
        mail.Text.Contains("CB-").ShouldBe(rule is not (null or "PP-01"));
        if (rule is not null)
            mail.Text.ShouldContain(rule);
    }

    [Fact]
    public async Task A_digest_with_nothing_to_do_says_so()
    {
        var mail = await Writer.WriteAsync(Some.Digest(Some.Person(), Moving("moving", "Moving thing", 2)));

        mail.Subject.ShouldBe("Still watching 1 parcel");
        ShouldBeWhole(mail);
    }

    [Fact]
    public async Task Two_orders_share_one_alert_with_a_subject_that_counts_them()
    {
        var mail = await Writer.WriteAsync(
            Some.Alert(Some.Person(), Dispute(), Dispute(Some.Order("lamp", "Desk lamp")))
        );

        mail.Subject.ShouldBe("2 parcels need you, the first by Thu 26 Nov: USB-C hub, Desk lamp");
        Parse(mail).QuerySelectorAll("h2").Select(h => h.TextContent).ShouldBe(["USB-C hub", "Desk lamp"]);
    }

    [Fact]
    public async Task A_source_that_is_silent_is_said_with_the_last_answer()
    {
        var view = Some.View() with { LastAnswerAt = Some.Now.AddDays(-5) };
        var mail = await Writer.WriteAsync(
            Some.Alert(Some.Person(), Some.Section(view: view, notice: Dispute().Notices[0]))
        );

        var text = mail.Text.ReplaceLineEndings(" ");
        text.ShouldContain("Last successful check: 11 Nov 2026, 09:00, by Cainiao");
        text.ShouldContain("Cainiao has not answered since");
    }

    [Theory]
    [MemberData(nameof(LanguageTests.All), MemberType = typeof(LanguageTests))]
    public async Task Every_piece_of_news_for_the_operator_has_words(string language)
    {
        OperatorNews[] news =
        [
            new OperatorNews.SourceSilent("cainiao", null, "<b>429</b>", 1),
            new OperatorNews.SourceSilent("cainiao", Some.Now.AddDays(-1), "captcha", 3),
            new OperatorNews.SourceBack("cainiao", Some.Now.AddDays(-1)),
            new OperatorNews.MailRefused("ayse", "Hello\r\nBcc: x@example.org", "550 no such user"),
            new OperatorNews.ReloadFailed("orders.yaml", ["orders.yaml:1:1 error: <script>"]),
            new OperatorNews.OrderGone("usb-hub", DoBy),
        ];
        foreach (var one in news)
            ShouldBeWhole(await Writer.WriteOperatorAsync([one], language, Some.Now));
        ShouldBeWhole(await Writer.WriteOperatorAsync(news, language, Some.Now));
        ShouldBeWhole(await Writer.WriteTestAsync(Some.Stranger(language), Some.Istanbul, Some.Now));
    }

    private static OrderSection Dispute(Order? order = null, DateOnly? doBy = null) =>
        Some.Section(
            order,
            notice: Some.Notice(
                ReasonCode.ProtectionEnding,
                Step.OpenDispute,
                Step.KnowRefundRules,
                doBy ?? DoBy,
                rule: "AE-DISP-02"
            ),
            window: Some.Window
        );

    private static OrderSection Moving(string id, string item, int daysAgo)
    {
        var view = Some.View(ParcelStatus.InTransit, Leg.LineHaul) with { LastEventAt = Some.Now.AddDays(-daysAgo) };
        return Some.Section(
            Some.Order(id, item) with
            {
                PromisedBy = null,
                RefundIfUndeliveredBy = null,
            },
            view,
            stalls: [Some.Stall(view, StallLevel.Moving, daysAgo)],
            history: []
        );
    }

    private static IDocument Parse(WrittenMail mail) => new HtmlParser().ParseDocument(mail.Html);

    /// <summary>No placeholder, no empty quote, no blank but those for a pen; accessible, without anything remote.</summary>
    private static void ShouldBeWhole(WrittenMail mail)
    {
        mail.Subject.ShouldNotBeNullOrWhiteSpace();
        Warnings.ShouldBeEmpty();
        var html = Parse(mail);
        var body = html.Body!.TextContent;
        foreach (var part in (string[])[mail.Subject, body, mail.Text])
        {
            Leftover().Match(part).Value.ShouldBeEmpty();
            part.ShouldNotContain("\"\"");
            part.ShouldNotContain("“”");
            part.ShouldNotContain("()");
            part.ShouldNotContain(" ,");
            part.ShouldNotContain("..");
            part.ShouldNotContain("\" \"");
        }
        // Running text alone: the rest is laid out with blanks.
        foreach (var words in html.QuerySelectorAll("pre").Select(pre => pre.TextContent).Append(mail.Subject))
            words.ShouldNotContain("  ");
        foreach (var words in (string[])[mail.Subject, Blanks().Replace(mail.Text, " ")])
            Gap().Match(words).Value.ShouldBeEmpty();
        html.QuerySelectorAll("h1").Length.ShouldBe(1);
        html.QuerySelectorAll("table")
            .ShouldAllBe(table =>
                table.GetAttribute("role") == "presentation"
                || table.QuerySelectorAll("tr").All(row => row.QuerySelector("th[scope=row]") != null)
            );
        html.QuerySelectorAll("link, script, img, iframe, object, video, [src], [background]").ShouldBeEmpty();
        mail.Html.ShouldNotContain("url(");
        html.DocumentElement.GetAttribute("dir")
            .ShouldBe(html.DocumentElement.GetAttribute("lang") == "ar" ? "rtl" : "ltr");
        mail.Html.ShouldStartWith("<!DOCTYPE html>");
        Encoding.UTF8.GetByteCount(mail.Html).ShouldBeLessThan(100_000);
        // Both parts are of one page: each heading of the HTML stands in the text.
        var text = Blanks().Replace(mail.Text, " ");
        foreach (var heading in html.QuerySelectorAll("h1, h2, h3"))
            text.ShouldContain(Blanks().Replace(heading.TextContent, " ").Trim());
    }

    [GeneratedRegex(@"\{\??[a-z_]+|\[\[|\]\]|\|\|")]
    private static partial Regex Leftover();

    /// <summary>A sentence that lost its value: "by .", "of ;", "( ". French sets a no-break space before ";" and ":".</summary>
    [GeneratedRegex(
        @"\b(by|of|to|until|from|after|am|bis|vom|seit|le|du|au|el|del|desde|entro|em|até) ?[.;,)](\s|$)| [.;:](\s|$)|\(\s|\s\)|, *[,.]"
    )]
    private static partial Regex Gap();

    [GeneratedRegex(@"[ \t\r\n]+")]
    private static partial Regex Blanks();
}
