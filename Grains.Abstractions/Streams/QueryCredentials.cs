using System.Collections.Frozen;

namespace Streams;

/// <summary>
/// Removes credentials from a publisher's query before it is logged, stored or shown. The hook does this too, but the service does not rely
/// on its callers for it.
/// </summary>
public static class QueryCredentials
{
    private const int MaxDecodings = 4;

    private static readonly FrozenSet<string> Names =
        FrozenSet.ToFrozenSet(["user", "pass", "password", "token", "jwt"], StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> NamesBySpan = Names.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The query without the pairs whose percent-decoded key names a credential; the other pairs are unchanged.</summary>
    public static string Strip(string query) => query.Length == 0 ? query : Strip(query, MaxDecodings);

    private static string Strip(string query, int decodings)
    {
        List<string>? kept = null;
        ReadOnlySpan<char> text = query;
        foreach (Range range in text.SplitAny('&', ';'))
        {
            ReadOnlySpan<char> pair = text[range];
            string? safe = StripPair(pair, decodings);
            if (safe is null || !pair.SequenceEqual(safe))
            {
                kept ??= Before(query, range.Start.GetOffset(query.Length));
            }

            if (safe is not null)
            {
                kept?.Add(safe);
            }
        }

        return kept is null ? query : string.Join('&', kept);
    }

    // Null when the pair is a credential. MediaMTX may escape the query as a whole, which then looks like one key that hides many pairs; so a
    // key that decodes to pairs is stripped as a query of its own, and escaped again.
    private static string? StripPair(ReadOnlySpan<char> pair, int decodings)
    {
        int equals = pair.IndexOf('=');
        ReadOnlySpan<char> key = Trim(equals < 0 ? pair : pair[..equals]);
        if (NamesBySpan.Contains(key))
        {
            return null;
        }

        if (!key.ContainsAny('%', '+'))
        {
            return pair.ToString();
        }

        string decoded = Uri.UnescapeDataString(key.ToString().Replace('+', ' '));
        if (key.SequenceEqual(decoded))
        {
            return pair.ToString();
        }

        if (decodings == 0)
        {
            return null;
        }

        string safe = Strip(decoded, decodings - 1);
        return safe == decoded
            ? pair.ToString()
            : safe.Length == 0 ? null : Uri.EscapeDataString(safe) + (equals < 0 ? "" : pair[equals..].ToString());
    }

    private static ReadOnlySpan<char> Trim(ReadOnlySpan<char> key)
    {
        int start = 0;
        while (start < key.Length && (key[start] is '?' or '#' or '+' || key[start] <= ' '))
        {
            start++;
        }

        int end = key.Length;
        while (end > start && (key[end - 1] == '+' || key[end - 1] <= ' '))
        {
            end--;
        }

        return key[start..end];
    }

    private static List<string> Before(string query, int offset) =>
        offset == 0 ? [] : [.. query[..(offset - 1)].Split('&', ';')];
}
