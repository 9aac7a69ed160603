package native

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	user32 = windows.NewLazySystemDLL("user32.dll")
	gdi32  = windows.NewLazySystemDLL("gdi32.dll")
	// That beside the program, if there is one: Mesa's, which draws without a
	// graphics card. The toolkit has it loaded by now, and draws with the same.
	opengl32 = windows.NewLazyDLL("opengl32.dll")

	perMonitorAware     = user32.NewProc("SetProcessDpiAwarenessContext")
	registerClass       = user32.NewProc("RegisterClassExW")
	unregisterClass     = user32.NewProc("UnregisterClassW")
	createWindow        = user32.NewProc("CreateWindowExW")
	destroyWindow       = user32.NewProc("DestroyWindow")
	defaultProcedure    = user32.NewProc("DefWindowProcW")
	getDC               = user32.NewProc("GetDC")
	releaseDC           = user32.NewProc("ReleaseDC")
	describePixelFormat = gdi32.NewProc("DescribePixelFormat")
	setPixelFormat      = gdi32.NewProc("SetPixelFormat")
	createContext       = opengl32.NewProc("wglCreateContext")
	makeCurrent         = opengl32.NewProc("wglMakeCurrent")
	deleteContext       = opengl32.NewProc("wglDeleteContext")
	getString           = opengl32.NewProc("glGetString")
)

// Drawable finds out whether this computer can draw the window, which the
// toolkit only says where nobody sees it. It makes a window that is not shown
// and a context of OpenGL in it, as the toolkit will. The error is a
// NoOpenGLError. If finding out does not work there is none, so that the toolkit
// tries.
func Drawable() error {
	runtime.LockOSThread() // which windows and contexts belong to
	defer runtime.UnlockOSThread()
	if opengl32.Load() != nil {
		return &NoOpenGLError{}
	}
	// The toolkit asks for sharp drawing at any resolution, which is refused once
	// there is a window; a program without the manifest of the package needs it.
	if perMonitorAware.Find() == nil { // Windows 10, 1703
		_, _, _ = perMonitorAware.Call(^uintptr(3)) // DPI_AWARENESS_CONTEXT_PER_MONITOR_AWARE_V2 is -4
	}
	window, done := hiddenWindow()
	if window == 0 {
		return nil
	}
	defer done()
	dc, _, _ := getDC.Call(window)
	if dc == 0 {
		return nil
	}
	defer func() { _, _, _ = releaseDC.Call(window, dc) }()
	return examine(dc)
}

// windowClass is a WNDCLASSEXW.
type windowClass struct {
	size, style        uint32
	procedure          uintptr
	extra, windowExtra int32
	instance           windows.Handle
	icon, cursor, back windows.Handle
	menu, name         *uint16
	smallIcon          windows.Handle
}

const ownDC = 0x0020 // the style of a class whose windows OpenGL draws in

// hiddenWindow makes a window that is not shown, of a class of its own as the
// classes of the system are none to draw in. 0: it cannot be made.
func hiddenWindow() (window uintptr, done func()) {
	name := wide("Trolley examines OpenGL")
	class := windowClass{style: ownDC, procedure: defaultProcedure.Addr(), name: name}
	class.size = uint32(unsafe.Sizeof(class))
	if atom, _, _ := registerClass.Call(uintptr(unsafe.Pointer(&class))); atom == 0 {
		return 0, nil
	}
	window, _, _ = createWindow.Call(0, uintptr(unsafe.Pointer(name)), 0, 0, 0, 0, 1, 1, 0, 0, 0, 0)
	return window, func() {
		_, _, _ = destroyWindow.Call(window)
		_, _, _ = unregisterClass.Call(uintptr(unsafe.Pointer(name)), 0)
	}
}

// examine makes a context of OpenGL and asks it for its version.
func examine(dc uintptr) error {
	format, generic := findFormat(dc)
	if format == 0 {
		if generic {
			return &NoOpenGLError{Found: "1.1 (GDI Generic)"} // what Windows brings along
		}
		return &NoOpenGLError{}
	}
	var described pixelFormat
	described.describe(dc, format)
	if ok, _, _ := setPixelFormat.Call(dc, format, uintptr(unsafe.Pointer(&described))); ok == 0 {
		return &NoOpenGLError{}
	}
	context, _, _ := createContext.Call(dc)
	if context == 0 {
		return &NoOpenGLError{}
	}
	defer func() { _, _, _ = deleteContext.Call(context) }()
	if ok, _, _ := makeCurrent.Call(dc, context); ok == 0 {
		return &NoOpenGLError{}
	}
	defer func() { _, _, _ = makeCurrent.Call(0, 0) }()
	if version := text(glVersion); !enough(version) {
		return &NoOpenGLError{Found: version + " (" + text(glRenderer) + ")"}
	}
	return nil
}

// What a context tells of itself.
const (
	glRenderer = 0x1f01
	glVersion  = 0x1f02
)

// text returns what the context that is current says.
func text(name uintptr) string {
	address, _, _ := getString.Call(name)
	if address == 0 {
		return ""
	}
	// An address of the driver's, which no garbage collector moves.
	return windows.BytePtrToString(*(**byte)(unsafe.Pointer(&address)))
}

// pixelFormat is a PIXELFORMATDESCRIPTOR, as far as it is looked at.
type pixelFormat struct {
	size, version uint16
	flags         uint32
	pixelType     uint8
	_             [19]uint8
	_             [3]uint32
}

// Flags of a pixel format.
const (
	doubleBuffer = 0x0001
	drawToWindow = 0x0004
	// Made by Windows alone, and then not by the graphics card either.
	genericFormat      = 0x0040
	supportOpenGL      = 0x0020
	genericAccelerated = 0x1000
)

// describe asks for a format, counted from 1, and returns how many there are.
func (p *pixelFormat) describe(dc, format uintptr) (formats uintptr) {
	p.size = uint16(unsafe.Sizeof(*p))
	formats, _, _ = describePixelFormat.Call(dc, format, uintptr(p.size), uintptr(unsafe.Pointer(p)))
	return formats
}

// usable reports whether the toolkit can draw in the format, but for who makes
// it.
func (p *pixelFormat) usable() bool {
	const wanted = doubleBuffer | drawToWindow | supportOpenGL
	return p.flags&wanted == wanted && p.pixelType == 0 // red, green and blue
}

// generic reports whether the format is that of Windows, which the toolkit takes
// for none.
func (p *pixelFormat) generic() bool {
	return p.flags&(genericFormat|genericAccelerated) == genericFormat
}

// findFormat returns the first format in which the toolkit can draw, 0 if there
// is none, and whether it passed those of Windows itself.
func findFormat(dc uintptr) (format uintptr, generic bool) {
	var p pixelFormat
	formats := p.describe(dc, 1)
	for format = 1; format <= formats; format++ {
		p.describe(dc, format)
		switch {
		case !p.usable():
		case !p.generic():
			return format, generic
		default:
			generic = true
		}
	}
	return 0, generic
}
