using System.Globalization;

namespace MediaMtx.Standin.Http;

/// <summary>Which part of a list is asked for: MediaMTX's <c>page</c> (from 0) and <c>itemsPerPage</c> (100 by default).</summary>
internal sealed record Page(int Number, int Size)
{
    private const int DefaultSize = 100;

    /// <summary>Reads the query.</summary>
    /// <exception cref="FormatException">It has no page; the message is for the client.</exception>
    public static Page Parse(IQueryCollection query)
    {
        int size = Number32(query["itemsPerPage"], DefaultSize);
        return size > 0
            ? new Page(Number32(query["page"], 0), size)
            : throw new FormatException("invalid items per page");
    }

    public ApiList<T> Of<T>(IReadOnlyList<T> items)
    {
        long first = Math.Min((long)Number * Size, items.Count);
        return new ApiList<T>(items.Count, (items.Count + Size - 1) / Size, [.. items.Skip((int)first).Take(Size)]);
    }

    private static int Number32(string? text, int fallback) => string.IsNullOrEmpty(text)
        ? fallback
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new FormatException($"strconv.ParseUint: parsing \"{text}\": invalid syntax");
}
