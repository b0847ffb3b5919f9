using TrackWatch.Domain.Registering.Replying;

namespace TrackWatch.Domain.Tests.Registering.Replying;

public class ReplyTokenTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly MailTag Mail = new("0123456789");
    private static readonly DateOnly LastDay = new(2027, 1, 21);

    private static ReplyToken Token(string person = "ayse", string order = "usb-hub") =>
        ReplyToken.Issue(Key, Mail, person, order, LastDay);

    [Fact]
    public void The_same_mail_gives_the_same_short_token()
    {
        Token().ToString().ShouldBe(Token().ToString());
        Token().ToString().Length.ShouldBe(29);
        ReplyToken.TryParse(Token().ToString(), out var read).ShouldBeTrue();
        read!.Mail.ShouldBe(Mail);
        read.LastDay.ShouldBe(LastDay);
        read.IsFor(Key, "ayse", "usb-hub").ShouldBeTrue();
    }

    [Theory]
    [InlineData("mehmet", "usb-hub")]
    [InlineData("ayse", "lamp")]
    [InlineData("ayse ", "usb-hub")]
    [InlineData("ays", "e7:usb-hub")]
    public void It_is_for_nobody_and_nothing_else(string person, string order) =>
        Token().IsFor(Key, person, order).ShouldBeFalse();

    [Fact]
    public void Another_key_another_mail_or_another_day_does_not_open_it()
    {
        Token().IsFor([.. Key.Reverse()], "ayse", "usb-hub").ShouldBeFalse();
        Sealed(new MailTag("0123456788"), LastDay).ShouldNotBe(Sealed(Mail, LastDay));
        Sealed(Mail, LastDay.AddDays(1)).ShouldNotBe(Sealed(Mail, LastDay));

        static string Sealed(MailTag mail, DateOnly day) =>
            ReplyToken.Issue(Key, mail, "ayse", "usb-hub", day).ToString()[13..];
    }

    [Fact]
    public void No_letter_of_it_can_be_changed()
    {
        var good = Token().ToString();
        for (var i = 0; i < good.Length; i++)
            foreach (var c in "0123456789abcdefghjkmnpqrstvwxyz".Where(c => c != good[i]))
                if (ReplyToken.TryParse(good[..i] + c + good[(i + 1)..], out var read))
                    read.IsFor(Key, "ayse", "usb-hub").ShouldBeFalse($"{c} at {i}");
    }

    [Theory]
    [InlineData("2027-01-21T23:59:59Z", false)]
    [InlineData("2027-01-22T00:00:00Z", true)]
    public void It_is_good_until_its_day_is_over(string now, bool expired) =>
        Token()
            .IsExpired(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture))
            .ShouldBe(expired);

    [Fact]
    public void Case_does_not_matter_and_look_alikes_are_forgiven()
    {
        var text = Token().ToString();
        ReplyToken.TryParse(text.ToUpperInvariant(), out var upper).ShouldBeTrue();
        upper!.IsFor(Key, "ayse", "usb-hub").ShouldBeTrue();
        ReplyToken.TryParse(text.Replace('1', 'l').Replace('0', 'O'), out var alike).ShouldBeTrue();
        alike!.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("00000000000000000000000000000")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    [InlineData("0400000000000000000000000000u")]
    public void What_is_none_is_refused(string text) => ReplyToken.TryParse(text, out _).ShouldBeFalse();
}
