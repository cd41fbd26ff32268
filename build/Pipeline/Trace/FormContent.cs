using System.Net.Http.Headers;
using System.Text;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Trace;

/// <summary>The body of a form, as a browser or curl sends it.</summary>
internal static class FormContent
{
    /// <param name="fields">The recipe's word.</param>
    /// <param name="folder">Where the recipe's models and test files lie.</param>
    public static MultipartFormDataContent Of(IReadOnlyDictionary<string, string> fields, string folder)
    {
        var boundary = "gfxbake-" + Guid.NewGuid().ToString("n");
        var form = new MultipartFormDataContent(boundary);
        // .NET puts the boundary into quotes and leaves names without; many servers expect it the other way round, as curl does it.
        form.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=" + boundary);
        foreach (var (name, value) in fields.OrderBy(f => f.Key, StringComparer.Ordinal))
            form.Add(Part(name, value, folder));
        return form;
    }

    /// <summary>A body that is a file and nothing else.</summary>
    public static ByteArrayContent Whole(string file, string folder)
    {
        var content = new ByteArrayContent(File.ReadAllBytes(Path.Combine(folder, TestInputs.FileOf(file)!)));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return content;
    }

    private static ByteArrayContent Part(string name, string value, string folder)
    {
        var file = TestInputs.FileOf(value);
        var part = new ByteArrayContent(file is null ? Encoding.UTF8.GetBytes(value) : File.ReadAllBytes(Path.Combine(folder, file)));
        part.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = $"\"{name}\"" };
        if (file is null)
            return part;
        part.Headers.ContentDisposition.FileName = $"\"{file}\"";
        part.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return part;
    }
}
