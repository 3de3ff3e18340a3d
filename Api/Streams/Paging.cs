using System.Globalization;

namespace Streams.Api.Streams;

/// <summary>Page number and size of a list request. Read by hand: model binding would answer 400 for the first wrong one, and not 422 with all.</summary>
internal readonly record struct Paging(int Page, int ItemsPerPage)
{
    public const int DefaultItemsPerPage = 100;
    public const int MaxItemsPerPage = 1_000;

    /// <summary>Reads the two query parameters; null with all errors when one is wrong.</summary>
    public static Paging? Read(string? page, string? itemsPerPage, out Dictionary<string, string[]> errors)
    {
        errors = [];
        Paging paging = new(
            Number("page", page, 0, 0, int.MaxValue, errors),
            Number("itemsPerPage", itemsPerPage, DefaultItemsPerPage, 1, MaxItemsPerPage, errors));
        return errors.Count == 0 ? paging : null;
    }

    /// <summary>How many items come before the first of the page.</summary>
    public long First => (long)Page * ItemsPerPage;

    public int PagesOf(int items) => (int)(((long)items + ItemsPerPage - 1) / ItemsPerPage);

    private static int Number(string name, string? text, int unless, int lowest, int highest, Dictionary<string, string[]> errors)
    {
        if (text is null)
        {
            return unless;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < lowest || number > highest)
        {
            errors[name] = [string.Create(CultureInfo.InvariantCulture, $"This parameter must be a whole number from {lowest} to {highest}.")];
        }

        return number;
    }
}
