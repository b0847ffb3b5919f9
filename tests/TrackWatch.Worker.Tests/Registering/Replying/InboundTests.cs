using System.Globalization;
using TrackWatch.Domain.Registering.Replying;
using TrackWatch.TestKit.Database;
using TrackWatch.Worker.Tests.Commands;

namespace TrackWatch.Worker.Tests.Registering.Replying;

/// <summary>Mails that went out to two people of one household, and what comes back through the built program.</summary>
public sealed class AnsweredHousehold : IAsyncLifetime
{
    internal Household Household { get; private set; } = null!;
    public Tables Tables { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Household = (await Household.WithDatabaseAsync())
            .Set("TRACKWATCH__MAIL__FROM", "TrackWatch <watch@example.org>")
            .Set("TRACKWATCH__MAIL__SETTLE", "0")
            .Set("TRACKWATCH__OPERATOR", "root@example.org")
            .Set("TRACKWATCH__MAIL__REPLIES__ADDRESS", "trackwatch@example.net");
        Tables = new Tables(Household.ConnectionString);
        var promised = TimeProvider.System.GetUtcNow().AddDays(-2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Household.Write(
            "orders.yaml",
            $$"""
            people:
              ayse: {email: [ayse@example.org, ayse2@example.org], language: tr, timezone: Europe/Istanbul}
              mehmet: {email: mehmet@example.org, timezone: Europe/Istanbul}
            orders:
              - {id: asked, people: [ayse, mehmet], tracking: [SIMSILENT12], promised_by: {{promised}}}
              - {id: over, people: [ayse, mehmet], tracking: [SIMSILENT13], promised_by: {{promised}}}
              - {id: twice, people: [ayse], tracking: [SIMSILENT14], promised_by: {{promised}}}
              - {id: quiet, people: [ayse, mehmet], tracking: [SIMSILENT15], promised_by: {{promised}}}
              - {id: undone, people: [ayse], tracking: [SIMSILENT16], promised_by: {{promised}}}
            """
        );
        (await Household.RunAsync("run", "--once")).ExitCode.ShouldBe(0);
        (await Tables.CountAsync("select count(*) from mails where kind = 'Alert'")).ShouldBe(2);
    }

    public async Task DisposeAsync()
    {
        await Tables.DisposeAsync();
        Household.Dispose();
    }

    public async Task<string> MailToAsync(string person) =>
        (
            await Tables.TextAsync(
                $"select message_id from mails where person_id = '{person}' order by composed_at limit 1"
            )
        )!;

    /// <summary>As the link in the person's mail has it.</summary>
    public async Task<string> TokenAsync(string person, string order)
    {
        var key = Convert.FromHexString(
            (await Tables.TextAsync("select encode(value, 'hex') from secrets where name = 'reply-key'"))!
        );
        var id = await MailToAsync(person);
        var tag = new MailTag(id[(id.IndexOf('.', StringComparison.Ordinal) + 1)..][..10]);
        var lastDay = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(60);
        return $"[{ReplyToken.Issue(key, tag, person, order, lastDay)}]";
    }

    public async Task<string> HearAsync(byte[] message)
    {
        var answer = await Household.RunWithInputAsync(
            System.Text.Encoding.UTF8.GetString(message),
            "inbound",
            "--json"
        );
        answer.ExitCode.ShouldBe(0, answer.Error);
        answer.Out.ShouldBeEmpty();
        return answer.Error;
    }

    public Task<long> FactsAsync(string order, string key) =>
        Tables.CountAsync(
            $"select count(*) from facts where order_id = '{order}' and key = '{key}' and origin = 'Mail' and undone_at is null"
        );
}

public sealed class InboundTests(AnsweredHousehold house) : IClassFixture<AnsweredHousehold>
{
    private const string Outcome = "\"outcome\":";

    [Fact]
    public async Task A_link_of_a_mail_tells_the_step_it_asked_for_and_is_heard_once()
    {
        var mail = Messages.Plain(
            $"done asked {await house.TokenAsync("ayse", "asked")}",
            from: "Ayse <AYSE@example.org>"
        );

        var both = await Task.WhenAll(house.HearAsync(mail), house.HearAsync(mail));

        both.Count(said => said.Contains($"{Outcome}\"done\"", StringComparison.Ordinal)).ShouldBe(1);
        both.Count(said => said.Contains("it was heard before", StringComparison.Ordinal)).ShouldBe(1);
        (await house.FactsAsync("asked", "done/contact-seller")).ShouldBe(1);
        (await house.HearAsync(mail)).ShouldContain("it was heard before");
        (
            await house.Tables.CountAsync(
                "select count(*) from orders where id = 'asked' and next_assessment_at <= now()"
            )
        ).ShouldBe(1);
    }

    [Fact]
    public async Task The_reader_of_a_forwarded_mail_closes_nothing()
    {
        var token = await house.TokenAsync("ayse", "over");
        var id = await house.MailToAsync("ayse");

        (await house.HearAsync(Messages.Plain($"received over {token}", from: "eve@example.org"))).ShouldContain(
            "its sender is none of the people"
        );
        (await house.HearAsync(Messages.Plain($"received over {token}", from: "mehmet@example.org"))).ShouldContain(
            "its token was not made for its sender"
        );
        (await house.HearAsync(Messages.Plain("Re: x", "received over", "mehmet@example.org", id))).ShouldContain(
            "it answers no mail of ours to its sender"
        );
        (await house.FactsAsync("over", "closed")).ShouldBe(0);
        (
            await house.Tables.CountAsync(
                "select count(*) from replies where person_id = 'mehmet' and order_id = 'over'"
            )
        ).ShouldBe(0);
    }

    [Fact]
    public async Task A_mail_closes_once_and_the_next_digest_says_why_not_again()
    {
        var token = await house.TokenAsync("ayse", "twice");

        (await house.HearAsync(Messages.Plain($"received twice {token}"))).ShouldContain($"{Outcome}\"done\"");
        (await house.Household.RunAsync("undo", "twice")).ExitCode.ShouldBe(0);
        (await house.HearAsync(Messages.Plain($"lost twice {token}"))).ShouldContain("UsedUp");
        (await house.FactsAsync("twice", "closed")).ShouldBe(0);

        await house.Tables.DoAsync("update people set next_digest_at = now() - interval '1 minute' where id = 'ayse'");
        (await house.Household.RunAsync("run", "--once")).ExitCode.ShouldBe(0);

        var digest = await BodyAsync("ayse");
        digest.ShouldContain("Postayla bildirdikleriniz");
        digest.ShouldContain("twice: “received twice”. Not edildi.");
        digest.ShouldContain("bunu ikinci kez yapamaz");
        (
            await house.Tables.CountAsync(
                "select count(*) from replies where person_id = 'ayse' and order_id = 'twice' and told_in is null"
            )
        ).ShouldBe(0);
    }

    [Fact]
    public async Task Who_wants_no_mail_of_an_order_gets_none_and_the_others_do()
    {
        var said = await house.HearAsync(Messages.Plain($"postaları durdur {await house.TokenAsync("ayse", "quiet")}"));
        said.ShouldContain($"{Outcome}\"done\"");
        (await house.FactsAsync("quiet", "mails/ayse")).ShouldBe(1);
        // Another step falls due, for both.
        (await house.Household.RunAsync("tell", "quiet", "dispute", "refused", "yesterday")).ExitCode.ShouldBe(0);
        await house.Household.RunAsync("run", "--once");

        (
            await house.Tables.CountAsync(
                "select count(*) from notices where order_id = 'quiet' and person_id = 'ayse' and mail_id is null and withdrawn_at is null"
            )
        ).ShouldBe(0);
        (
            await house.Tables.CountAsync(
                "select count(*) from notices where order_id = 'quiet' and person_id = 'mehmet'"
            )
        ).ShouldBeGreaterThan(1);
        (await house.Household.RunAsync("explain", "quiet")).Out.ShouldContain("no more mails of the order go to ayse");
        (await house.Household.RunAsync("tell", "quiet", "mails", "resume", "ayse")).ExitCode.ShouldBe(0);
        (
            await house.Tables.CountAsync(
                "select count(*) from notices where order_id = 'quiet' and person_id = 'ayse' and mail_id is null and withdrawn_at is null"
            )
        ).ShouldBeGreaterThan(0);
        (await house.Household.RunAsync("tell", "quiet", "mails", "stop", "eve")).Error.ShouldContain(
            "'eve' is none of its people: ayse, mehmet"
        );
    }

    [Fact]
    public async Task An_answer_in_any_client_is_read_and_can_be_taken_back()
    {
        var id = await house.MailToAsync("ayse");

        // The mail told of several orders, and this one says not which it means.
        (await house.HearAsync(Messages.Sample("gmail", id))).ShouldContain("WhichOrder");
        (await house.HearAsync(Messages.Plain("Ynt: x", "undone geldi!", answers: id))).ShouldContain("Unknown");
        (
            await house.HearAsync(
                Messages.Plain(
                    "Ynt: x",
                    "Geldi undone, teşekkürler\n\n22 Kas 2026 08:30 tarihinde TrackWatch <watch@example.org> yazdı:\n> kayıp",
                    answers: id
                )
            )
        ).ShouldContain($"{Outcome}\"done\"");
        (await house.FactsAsync("undone", "closed")).ShouldBe(1);
        (await house.HearAsync(Messages.Plain("Ynt: x", "geri al undone", answers: id))).ShouldContain(
            $"{Outcome}\"done\""
        );
        (await house.FactsAsync("undone", "closed")).ShouldBe(0);
    }

    [Theory]
    [InlineData("Auto-Submitted: auto-replied")]
    [InlineData("Precedence: bulk")]
    [InlineData("X-Autoreply: yes")]
    [InlineData("Return-Path: <>")]
    public async Task Machines_are_not_heard(string header)
    {
        var before = await house.Tables.CountAsync("select count(*) from replies");

        var said = await house.HearAsync(
            Messages.Plain(
                $"done asked {await house.TokenAsync("mehmet", "asked")}",
                from: "mehmet@example.org",
                more: header
            )
        );

        said.ShouldContain("a machine wrote it");
        (await house.Tables.CountAsync("select count(*) from replies")).ShouldBe(before);
    }

    [Fact]
    public async Task A_mail_server_is_asked_to_come_again_while_the_database_is_away()
    {
        using var home = new Household().Set(
            "TRACKWATCH__DATABASE__CONNECTIONSTRING",
            "Host=127.0.0.1;Port=1;Database=x;Timeout=2"
        );

        var answer = await home.RunWithInputAsync("From: a@b\n\ndone", "inbound");

        answer.ExitCode.ShouldBe(75);
    }

    [Fact]
    public async Task A_bounce_switches_one_address_off_and_tells_the_operator_once()
    {
        var id = await house.MailToAsync("ayse");

        (await house.HearAsync(Messages.Sample("postfix-bounce", "alert.0000@example.org"))).ShouldContain(
            "never sent"
        );
        (await house.HearAsync(Messages.Sample("postfix-bounce", id, to: "eve@example.org"))).ShouldContain("ignored");
        (
            await house.HearAsync(Messages.Sample("postfix-bounce", id, "ayse2@example.org", "delayed", "4.4.1"))
        ).ShouldContain("ignored");
        (
            await house.HearAsync(Messages.Sample("postfix-bounce", id, "ayse2@example.org", "failed", "5.2.2"))
        ).ShouldContain("\"dead\":[]");
        (await house.HearAsync(Messages.Sample("postfix-bounce", id, "ayse2@example.org"))).ShouldContain(
            "ayse2@example.org"
        );
        (await house.HearAsync(Messages.Sample("postfix-bounce", id, "ayse2@example.org"))).ShouldContain(
            "\"dead\":[]"
        );
        await house.Household.RunAsync("run", "--once");

        (
            await house.Tables.ListAsync(
                "select content ->> 'news' from notices where person_id = 'operator' order by id"
            )
        ).ShouldBe(["MailBounced", "AddressDead"]);
        (
            await house.Tables.TextAsync("select array_to_string(recipients, ' ') from mails where kind = 'operator'")
        ).ShouldBe("root@example.org");
        var status = await house.Household.RunAsync("status", "--json");
        status
            .Json.GetProperty("mail")
            .GetProperty("deadAddresses")[0]
            .GetProperty("address")
            .GetString()
            .ShouldBe("ayse2@example.org");
        (await house.Household.RunAsync("status")).Out.ShouldContain("Nothing is sent to ayse2@example.org");

        await house.HearAsync(Messages.Plain($"snooze 5d twice {await house.TokenAsync("ayse", "twice")}"));
        await house.Tables.DoAsync("update people set next_digest_at = now() - interval '1 minute' where id = 'ayse'");
        await house.Household.RunAsync("run", "--once");
        (
            await house.Tables.TextAsync(
                "select array_to_string(recipients, ' ') from mails where person_id = 'ayse' order by composed_at desc limit 1"
            )
        ).ShouldBe("ayse@example.org");

        (await house.Household.RunAsync("mail", "enable", "Ayse2@example.org")).ExitCode.ShouldBe(0);
        (await house.Household.RunAsync("mail", "enable", "ayse2@example.org")).ExitCode.ShouldBe(2);
    }

    private async Task<string> BodyAsync(string person)
    {
        var hex = await house.Tables.TextAsync(
            $"select encode(body, 'hex') from mails where person_id = '{person}' order by composed_at desc limit 1"
        );
        var read = await TestKit.Smtp.ReadMail.FromAsync(Convert.FromHexString(hex!));
        return string.Join(' ', read.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
