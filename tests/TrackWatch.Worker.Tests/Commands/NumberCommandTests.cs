using System.Text.Json;

namespace TrackWatch.Worker.Tests.Commands;

/// <summary><c>trackwatch number</c> as a person or a script runs it: another process, no files, no database.</summary>
public sealed class NumberCommandTests : IDisposable
{
    private readonly Household household = new Household().Set("TRACKWATCH__PROVIDERS__CAINIAO__ENABLED", "true");

    public void Dispose() => household.Dispose();

    [Fact]
    public async Task Said_are_the_normal_form_the_carriers_the_check_digit_and_who_would_be_asked()
    {
        var answer = await household.RunAsync("number", "rr 4731-2482.9 gb");

        answer.ExitCode.ShouldBe(0, answer.Error);
        answer.Error.ShouldBeEmpty();
        answer.Out.ShouldContain("RR473124829GB");
        answer.Out.ShouldContain("its check digit fits");
        answer.Out.ShouldContain("certain, check digit right; registered letter");
        answer.Out.ShouldContain("Royal Mail (GB)");
        answer.Out.ShouldContain("asked at");
    }

    [Fact]
    public async Task A_wrong_check_digit_ends_with_1_and_what_may_have_been_meant()
    {
        var answer = await household.RunAsync("number", "RR437124829GB");

        answer.ExitCode.ShouldBe(1);
        answer.Out.ShouldContain("its check digit does not fit");
        answer.Out.ShouldContain("did you mean");
        answer.Out.ShouldContain("RR473124829GB");
    }

    [Fact]
    public async Task Several_get_a_line_each_and_one_that_is_no_number_ends_with_1()
    {
        var fine = await household.RunAsync("number", "LP00612345678901", "202611223450", "8171234567890123");
        var none = await household.RunAsync("number", "LP00612345678901", "hello");

        fine.ExitCode.ShouldBe(0, fine.Out);
        fine.Out.Split('\n').Length.ShouldBe(4);
        fine.Out.ShouldContain("8171234567890123  no check digit to go by");
        fine.Out.ShouldContain("may be an order number");
        none.ExitCode.ShouldBe(1);
        none.Out.ShouldContain("HELLO  no tracking number");
    }

    [Fact]
    public async Task As_JSON_every_number_is_an_object_of_a_list()
    {
        var answer = await household.RunAsync("number", "--json", "ｒｒ437124829gb", "LP00612345678901", "hello");

        answer.ExitCode.ShouldBe(1);
        var list = answer.Json.EnumerateArray().ToList();
        Fields(list[0]).ShouldBe(("ｒｒ437124829gb", "RR437124829GB", "wrong-check-digit", "cainiao"));
        var candidate = list[0].GetProperty("candidates")[0];
        candidate.GetProperty("carrier").GetString().ShouldBe("s10");
        candidate.GetProperty("confidence").GetString().ShouldBe("likely");
        candidate.GetProperty("checkDigit").GetString().ShouldBe("wrong");
        candidate.GetProperty("service").GetString().ShouldBe("registered letter");
        candidate.GetProperty("origin").GetString().ShouldBe("GB");
        list[0].GetProperty("corrections")[0].GetString().ShouldBe("RR473124829GB");
        list[1].GetProperty("candidates")[0].GetProperty("checkDigit").GetString().ShouldBe("none");
        list[1].GetProperty("corrections").GetArrayLength().ShouldBe(0);
        Fields(list[2]).ShouldBe(("hello", "HELLO", "not-a-number", null));
    }

    [Fact]
    public async Task Thousands_of_lines_come_from_standard_input_and_empty_ones_are_passed_over()
    {
        var lines = string.Concat(Enumerable.Range(0, 5_000).Select(i => $"LP{i:D14}\n\n"));

        var answer = await household.RunWithInputAsync(lines, "number", "--json", "1ZTW12340312345679", "-");

        answer.ExitCode.ShouldBe(0, answer.Error);
        var list = answer.Json.EnumerateArray().ToList();
        list.Count.ShouldBe(5_001);
        list[0].GetProperty("candidates")[0].GetProperty("carrier").GetString().ShouldBe("ups");
        list[^1].GetProperty("input").GetString().ShouldBe("LP00000000004999");
        (await household.RunWithInputAsync("\n", "number", "--json", "-")).Json.GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task No_number_is_bad_usage_and_broken_settings_do_not_matter()
    {
        (await household.RunAsync("number")).ExitCode.ShouldBe(2);

        household.Write("trackwatch.yaml", "providers: [");
        (await household.RunAsync("number", "LP00612345678901")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Check_warns_of_an_order_number_and_of_a_form_that_was_missed()
    {
        household.Write(
            "orders.yaml",
            """
            orders:
              - {email: me@example.org, number: LPOO612345678901}
              - {email: me@example.org, number: "8171234567890123"}
            """
        );

        var answer = await household.RunAsync("check");

        answer.ExitCode.ShouldBe(0, answer.Out + answer.Error);
        answer.Out.ShouldContain("did you mean LP00612345678901?");
        answer.Out.ShouldContain("8171234567890123 may be an order number");
    }

    private static (string?, string?, string?, string?) Fields(JsonElement number) =>
        (
            number.GetProperty("input").GetString(),
            number.GetProperty("normal").GetString(),
            number.GetProperty("kind").GetString(),
            number.GetProperty("provider").GetString()
        );
}
