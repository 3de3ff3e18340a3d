using System.Globalization;
using System.Text;

namespace Streams;

/// <summary>Escapes control characters in untrusted text, so that it is safe to print to a terminal.</summary>
public static class VisibleText
{
    /// <summary>
    /// The text with its control characters (C0, DEL and C1) as <c>\x1b</c>, and those that break lines or change the text direction as
    /// <c>\u202e</c>. Tabs stay.
    /// </summary>
    public static string Of(string text)
    {
        if (!text.Any(IsHidden))
        {
            return text;
        }

        StringBuilder visible = new(text.Length + 16);
        foreach (char c in text)
        {
            _ = !IsHidden(c) ? visible.Append(c)
                : c < 256 ? visible.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}")
                : visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return visible.ToString();
    }

    private static bool IsHidden(char c) => (char.IsControl(c) && c != '\t') || c is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
