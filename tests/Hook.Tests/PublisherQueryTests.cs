using System.Net;
using CsCheck;
using Streams.Hooks;
using Xunit;

namespace Streams.Hook.Tests;

public sealed class PublisherQueryTests
{
    private static readonly string[] Credentials = ["user", "pass", "password", "token", "jwt"];

    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("lang%3Des%26x%3Da%2520b", "lang=es&x=a%20b")]
    [InlineData("lang=es&x=a%20b", "lang=es&x=a%20b")]
    [InlineData("user%3Dworker%26pass%3Dworkersecret", "")]
    [InlineData("user%3Dpub%26pass%3Dkey123%26lang%3Des", "lang=es")]
    [InlineData("user=pub&lang=es&pass=key123", "lang=es")]
    [InlineData("TOKEN=a&Jwt=b&PassWord=c&x", "x")]
    [InlineData("%75ser=a&p%61ss=b&x=1", "x=1")]
    [InlineData("token", "")]
    [InlineData("jwt%3Da%3Db", "")]
    [InlineData("a%2Bb+c", "a+b c")]
    [InlineData("a=1&&b=", "a=1&&b=")]
    [InlineData("users=1&xpass=2&tokens", "users=1&xpass=2&tokens")]
    [InlineData("100%", "100%")]
    [InlineData("%zz%", "%zz%")]
    [InlineData("%=1&%u12=2&x=%&%ff%fe=3", "%=1&%u12=2&x=%&%ff%fe=3")]
    public void A_query_is_as_the_publisher_wrote_it_without_credentials(string? value, string expected) =>
        Assert.Equal(expected, PublisherQuery.Clean(value));

    [Fact]
    public void A_query_longer_than_the_schema_takes_loses_pairs_and_not_the_event()
    {
        string fits = "a=" + new string('x', 4000);
        string tooMuch = "b=" + new string('y', 200);

        Assert.Equal($"{fits}&c=1", PublisherQuery.Clean($"{fits}&{tooMuch}&c=1"));
        string full = "a=" + new string('x', PublisherQueries.MaxLength - 2);
        Assert.Equal(full, PublisherQuery.Clean(full));
        Assert.Equal(full[..^2] + "&&", PublisherQuery.Clean(full[..^2] + "&&&&"));
    }

    // A publisher by WHIP whose query has 4,214 characters.
    [Fact]
    public void What_the_hook_sends_of_a_long_query_is_what_the_poll_makes_of_it()
    {
        string query = "tone=1000&user=me&pad=" + new string('x', 4192);

        Assert.Equal("tone=1000", PublisherQueries.Fit(query));
        Assert.Equal("tone=1000", PublisherQuery.Clean(WebUtility.UrlEncode(query)));
    }

    [Fact]
    public void Whatever_the_query_the_hook_sends_what_the_poll_makes_of_it() =>
        LongPairs.Sample(pairs =>
        {
            // The Control API tells it as it was written, MediaMTX hands it to the hook escaped as a whole.
            string query = string.Join('&', pairs);

            Assert.Equal(PublisherQueries.Fit(query), PublisherQuery.Clean(WebUtility.UrlEncode(query)));
        });

    [Theory]
    [InlineData("a%2Bb+c")]
    [InlineData("%2561")]
    [InlineData("tone%3D1")]
    public void A_query_that_looks_escaped_is_not_unescaped_for_the_poll(string query)
    {
        Assert.Equal(query, PublisherQueries.Fit(query));
        Assert.Equal(query, PublisherQuery.Clean(WebUtility.UrlEncode(query)));
    }

    [Theory]
    [InlineData("+")]
    [InlineData("\u0001")]
    [InlineData("é")]
    [InlineData("&")]
    [InlineData("\ud800")]
    public void However_a_query_is_escaped_the_event_stays_within_what_the_API_takes(string sign)
    {
        string query = PublisherQuery.Clean("lang=es&x=" + string.Concat(Enumerable.Repeat(sign, 4000)));
        HookEvent biggest = new(new string('p', 100), new string('t', 64), new string('i', 128), query, Guid.NewGuid(), TimeProvider.System.GetUtcNow().ToString("O"), new string('n', 64));
        Assert.InRange(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(biggest, HookJson.Default.HookEvent).Length, 1, 16_384);
        Assert.StartsWith("lang=es", query, StringComparison.Ordinal);
    }

    [Fact]
    public void No_credential_survives_and_every_other_pair_is_kept_byte_for_byte() =>
        Pairs.Sample(pairs =>
        {
            string[] others = [.. pairs.Where(pair => !IsCredential(pair))];
            string query = string.Join('&', pairs);

            Assert.Equal(string.Join('&', others), PublisherQuery.Clean(Uri.EscapeDataString(query)));

            // Raw, a query shows itself by its separators; without any it is taken as escaped.
            if (query.Contains('=') || query.Contains('&'))
            {
                Assert.Equal(string.Join('&', others), PublisherQuery.Clean(query));
            }
        });

    [Fact]
    public void No_text_whatever_makes_it_fail_or_leaves_a_credential() =>
        Gen.String.Sample(text =>
            Assert.DoesNotContain(PublisherQuery.Clean(text).Split('&'), IsCredential));

    private static Gen<string[]> Pairs
    {
        get
        {
            Gen<string> key = Gen.OneOf(
                Gen.OneOf(Credentials),
                Gen.OneOf("USER", "Pass", "%70assword", "t%6fken", "%4aWT", "users", "lang", "", "%", "%2"),
                Gen.String[Gen.Char["abcxyzUSERpas%0142+._~-"], 0, 8]);
            Gen<string> value = Gen.String[Gen.Char["abc=%0129+;:/?@!,ü漢"], 0, 12];
            return Gen.Select(key, value, Gen.Bool, (k, v, bare) => bare ? k : $"{k}={v}").Array[0, 8];
        }
    }

    // Around both limits, that of the characters and that of the bytes of JSON.
    private static Gen<string[]> LongPairs
    {
        get
        {
            Gen<string> key = Gen.OneOf(Gen.OneOf(Credentials), Gen.OneOf("%75ser", "lang", "tone", "", "%"));
            Gen<string> value = Gen.Select(Gen.Char["ab%+é漢&=<"], Gen.Int[0, 2100], static (sign, count) => new string(sign, count));
            return Gen.Select(key, value, static (k, v) => $"{k}={v}").Array[0, 8];
        }
    }

    private static bool IsCredential(string pair) =>
        Credentials.Contains(WebUtility.UrlDecode(pair.Split('=')[0]), StringComparer.OrdinalIgnoreCase);
}
