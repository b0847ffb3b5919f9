namespace TrackWatch.Domain.Polling.Numbers;

/// <summary>How a family reckons its check character from the body (numbers.md says each rule in words, with examples).</summary>
internal abstract class NumberCheckRule
{
    /// <param name="body">Values: 0 to 9, and 10 to 35 for A to Z.</param>
    /// <returns>The value of the character that fits, or one that no character has.</returns>
    public abstract byte CharacterOf(ReadOnlySpan<byte> body);

    /// <exception cref="FormatException">No check is called so.</exception>
    public static NumberCheckRule Of(CheckData data) =>
        data.By switch
        {
            "s10" => new PostalMod11(),
            "mod10" => new Mod10(data.Weights, data.FromRight, data.Plus, data.Direct),
            "mod11-mod10" => new Mod11Mod10(data.Weights),
            "mod7" => new Mod7(),
            "mod37-36" => new Mod37(),
            "luhn" => new Luhn(),
            "sf" => new TensAndUnits(),
            _ => throw new FormatException($"no check is called '{data.By}'"),
        };

    /// <summary>The remainder has eleven values and the digit ten: 0 and 6 share the 5.</summary>
    private sealed class PostalMod11 : NumberCheckRule
    {
        private static ReadOnlySpan<byte> Weights => [8, 6, 4, 2, 3, 5, 9, 7];

        public override byte CharacterOf(ReadOnlySpan<byte> body)
        {
            var sum = 0;
            for (var i = 0; i < body.Length; i++)
                sum += Weights[i] * body[i];
            return (11 - (sum % 11)) switch
            {
                10 => 0,
                11 => 5,
                var digit => (byte)digit,
            };
        }
    }

    /// <summary>Products of digit and weight, not their digits, are summed; a letter counts as UPS counts it.</summary>
    /// <param name="direct">The sum's last digit is the check digit itself, not what is missing to the next ten.</param>
    private sealed class Mod10(IReadOnlyList<int> weights, bool fromRight, int plus, bool direct) : NumberCheckRule
    {
        public override byte CharacterOf(ReadOnlySpan<byte> body)
        {
            var sum = plus;
            for (var i = 0; i < body.Length; i++)
                sum += weights[(fromRight ? body.Length - 1 - i : i) % weights.Count] * Digit(body[i]);
            return (byte)(direct ? sum % 10 : (10 - (sum % 10)) % 10);
        }

        // A is 2, B is 3 … I is 0.
        private static int Digit(byte value) => value < 10 ? value : (value - 8) % 10;
    }

    private sealed class Mod11Mod10(IReadOnlyList<int> weights) : NumberCheckRule
    {
        public override byte CharacterOf(ReadOnlySpan<byte> body)
        {
            var sum = 0;
            for (var i = 0; i < body.Length; i++)
                sum += weights[i % weights.Count] * body[i];
            return (byte)(sum % 11 % 10);
        }
    }

    private sealed class Mod7 : NumberCheckRule
    {
        public override byte CharacterOf(ReadOnlySpan<byte> body)
        {
            var rest = 0;
            foreach (var digit in body)
                rest = ((rest * 10) + digit) % 7;
            return (byte)rest;
        }
    }

    /// <summary>ISO 7064, mod 37,36.</summary>
    private sealed class Mod37 : NumberCheckRule
    {
        public override byte CharacterOf(ReadOnlySpan<byte> body)
        {
            var product = 36;
            foreach (var value in body)
            {
                product += value;
                if (product > 36)
                    product -= 36;
                product *= 2;
                if (product >= 37)
                    product -= 37;
            }
            return (byte)((37 - product) % 36);
        }
    }

    private sealed class Luhn : NumberCheckRule
    {
        public override byte CharacterOf(ReadOnlySpan<byte> body)
        {
            var sum = 0;
            for (var i = 0; i < body.Length; i++)
            {
                var digit = body[^(i + 1)];
                sum += i % 2 == 1 ? digit : (2 * digit / 10) + (2 * digit % 10);
            }
            return (byte)((10 - (sum % 10)) % 10);
        }
    }

    /// <summary>From the right times 1, 3, 5 …; the tens and the units of each product are summed.</summary>
    private sealed class TensAndUnits : NumberCheckRule
    {
        public override byte CharacterOf(ReadOnlySpan<byte> body)
        {
            var sum = 0;
            for (var i = 0; i < body.Length; i++)
            {
                var product = ((2 * i) + 1) * body[^(i + 1)];
                sum += (product / 10) + (product % 10);
            }
            return (byte)((10 - (sum % 10)) % 10);
        }
    }
}
