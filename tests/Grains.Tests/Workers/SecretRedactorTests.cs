using Xunit;

namespace Streams.Grains.Tests.Workers;

public sealed class SecretRedactorTests
{
    [Theory]
    [InlineData("KEY-1234", "rtmp://h/live/KEY-1234: refused", "rtmp://h/live/{secret.key}: refused")]
    [InlineData("a b/c", "url=a%20b%2Fc and a b/c", "url={secret.key} and {secret.key}")]
    [InlineData("rtmp://user:passw0rd@host/live/streamkey1", "playpath streamkey1, pass passw0rd", "playpath {secret.key}, pass {secret.key}")]
    [InlineData("rtmp://host/app?token=abcdef123", "[rtmp] token=abcdef123", "[rtmp] token={secret.key}")]
    [InlineData("", "nothing to hide", "nothing to hide")]
    public void A_secret_is_hidden_in_every_form_that_programs_print(string secret, string line, string expected) =>
        Assert.Equal(expected, new SecretRedactor([(secret, "{secret.key}")]).Redact(line));

    [Fact]
    public void A_secret_that_contains_another_is_hidden_as_a_whole() =>
        Assert.Equal("{secret.long}", new SecretRedactor([("abc", "{secret.short}"), ("xabcx", "{secret.long}")]).Redact("xabcx"));

    [Fact]
    public void A_secret_is_found_before_a_long_line_is_cut_and_control_characters_are_shown_as_what_they_are()
    {
        WorkerLines lines = new(10, new SecretRedactor([("KEY-1234", "***")]), TimeProvider.System);
        string line = lines.Add(new string('x', WorkerLines.MaxLine - 2) + "KEY-1234");
        Assert.DoesNotContain("KEY", line, StringComparison.Ordinal);
        Assert.EndsWith("[cut]", line, StringComparison.Ordinal);
        Assert.Equal(@"red \x1b[31m nul \x00", lines.Add("red \u001b[31m nul \0"));
        Assert.Equal("del \\x7f csi \\x9b31m back \\u202e tab \t", lines.Add("del \u007f csi \u009b31m back \u202e tab \t"));
        Assert.Equal(WorkerLines.MaxLine - 1 + " [cut]".Length, lines.Add(new string('x', WorkerLines.MaxLine - 1) + "\U0001F600").Length);
    }
}
