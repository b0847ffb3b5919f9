using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace TrackWatch.Domain.Registering.Replying;

/// <summary>
/// Proves that whoever answers has read a certain mail: bound by HMAC-SHA256 to the mail, the order and the person, good
/// until a day. Order and person are not in it; who checks it must know whom to check it for. 29 letters, case no matter.
/// </summary>
public sealed record ReplyToken
{
    // version, mail tag, expiry day (from 2020 on), seal
    private const byte Version = 1;
    private const int TagBytes = MailTag.Bytes;
    private const int SealBytes = 10;
    private const int OpenBytes = 1 + TagBytes + 2;
    private const int AllBytes = OpenBytes + SealBytes;

    /// <summary>Characters of a written token.</summary>
    public const int Length = ((AllBytes * 8) + 4) / 5;

    // Crockford's: without i, l, o and u, so that a token copied by hand survives and spells nothing.
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    private static readonly DateOnly Epoch = new(2020, 1, 1);

    private readonly byte[] bytes;

    private ReplyToken(byte[] bytes) => this.bytes = bytes;

    /// <summary>The mail that it stood in.</summary>
    public MailTag Mail => new(Convert.ToHexStringLower(bytes.AsSpan(1, TagBytes)));

    /// <summary>The last day on which it is good, UTC.</summary>
    public DateOnly LastDay => Epoch.AddDays(BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(1 + TagBytes, 2)));

    /// <param name="lastDay">UTC; before 2199.</param>
    public static ReplyToken Issue(ReadOnlySpan<byte> key, MailTag mail, string person, string order, DateOnly lastDay)
    {
        var bytes = new byte[AllBytes];
        bytes[0] = Version;
        Convert.FromHexString(mail.Hex).CopyTo(bytes, 1);
        BinaryPrimitives.WriteUInt16BigEndian(
            bytes.AsSpan(1 + TagBytes, 2),
            checked((ushort)(lastDay.DayNumber - Epoch.DayNumber))
        );
        Seal(key, bytes.AsSpan(0, OpenBytes), person, order).CopyTo(bytes.AsSpan(OpenBytes));
        return new ReplyToken(bytes);
    }

    /// <summary>Whether it was issued for this person and order; says nothing of its age.</summary>
    public bool IsFor(ReadOnlySpan<byte> key, string person, string order) =>
        CryptographicOperations.FixedTimeEquals(
            Seal(key, bytes.AsSpan(0, OpenBytes), person, order),
            bytes.AsSpan(OpenBytes)
        );

    public bool IsExpired(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime) > LastDay;

    public static bool TryParse(string? text, [NotNullWhen(true)] out ReplyToken? token)
    {
        token = null;
        if (text is not { Length: Length })
            return false;
        var bytes = new byte[AllBytes];
        var (bits, pending, at) = (0, 0, 0);
        foreach (var c in text)
        {
            var value = Alphabet.IndexOf(Plain(c), StringComparison.Ordinal);
            if (value < 0)
                return false;
            bits = (bits << 5) | value;
            pending += 5;
            if (pending < 8)
                continue;
            pending -= 8;
            bytes[at++] = (byte)(bits >> pending);
            bits &= (1 << pending) - 1;
        }
        // What is left of the last letter is padding: another letter with the same seal would be another spelling.
        if (bits != 0 || bytes[0] != Version)
            return false;
        token = new ReplyToken(bytes);
        return true;
    }

    public override string ToString()
    {
        var text = new StringBuilder(Length);
        var (bits, pending) = (0, 0);
        foreach (var b in bytes)
        {
            bits = (bits << 8) | b;
            pending += 8;
            while (pending >= 5)
            {
                pending -= 5;
                text.Append(Alphabet[(bits >> pending) & 31]);
            }
            bits &= (1 << pending) - 1;
        }
        return text.Append(Alphabet[(bits << (5 - pending)) & 31]).ToString();
    }

    private static char Plain(char c) =>
        char.ToLowerInvariant(c) switch
        {
            'o' => '0',
            'i' or 'l' or 'ı' => '1',
            var other => other,
        };

    /// <summary>Each part with its length before it: no two people and orders give the same text.</summary>
    private static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> open, string person, string order)
    {
        var said = $"reply {Convert.ToHexStringLower(open)} {person.Length}:{person} {order.Length}:{order}";
        return HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(said))[..SealBytes];
    }
}

/// <summary>Names one mail in a token: the first bytes of the keyed digest that its Message-ID carries.</summary>
/// <param name="Hex">Ten hexadecimal digits, lower case.</param>
public readonly record struct MailTag(string Hex)
{
    public const int Bytes = 5;

    public static MailTag Of(ReadOnlySpan<byte> digest) => new(Convert.ToHexStringLower(digest[..Bytes]));

    public override string ToString() => Hex;
}
