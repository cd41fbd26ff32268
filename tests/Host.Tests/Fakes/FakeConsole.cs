using System.Text;
using Cake.Core;

namespace Gfxbake.Host.Tests.Fakes;

/// <summary>Keeps what is written, without colours.</summary>
public sealed class FakeConsole : IConsole
{
    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    public ConsoleColor ForegroundColor { get; set; }

    public ConsoleColor BackgroundColor { get; set; }

    public bool SupportAnsiEscapeCodes => false;

    public void Write(string format, params object[] arg) => _out.AppendFormat(format, arg);

    public void WriteLine(string format, params object[] arg) => _out.AppendFormat(format, arg).AppendLine();

    public void WriteError(string format, params object[] arg) => _error.AppendFormat(format, arg);

    public void WriteErrorLine(string format, params object[] arg) => _error.AppendFormat(format, arg).AppendLine();

    public void ResetColor() { }
}
